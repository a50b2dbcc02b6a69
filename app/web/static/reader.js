// The one script of the reader. Every page works without it; it adds suggestions to the search box, a card about the
// mention under the pointer, and a way to choose a period by dragging over a timeline.

"use strict"

// Suggestions: a list of links below the search box (the combobox pattern of WAI-ARIA). The server writes the list.

const box = document.querySelector("[data-suggestions]")

if (box) {
  const list = document.createElement("div")
  let request = null
  let timer = 0

  list.id = "suggestions"
  list.className = "suggestions"
  list.setAttribute("role", "listbox")
  list.setAttribute("aria-label", "Suggestions")
  list.hidden = true
  box.after(list)
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
    box.setAttribute(name, value)
  }

  const options = () => [...list.children]
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true")

  const close = () => {
    request?.abort()
    clearTimeout(timer)
    list.hidden = true
    list.replaceChildren()
    box.setAttribute("aria-expanded", "false")
    box.removeAttribute("aria-activedescendant")
  }

  const choose = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", String(other === option)))
    if (option) box.setAttribute("aria-activedescendant", option.id)
    else box.removeAttribute("aria-activedescendant")
    option?.scrollIntoView({ block: "nearest" })
  }

  const suggest = async () => {
    request?.abort()
    request = new AbortController()
    const url = `${box.dataset.suggestions}?q=${encodeURIComponent(box.value.trim())}`
    try {
      const response = await fetch(url, { signal: request.signal })
      if (!response.ok) return close()
      const page = new DOMParser().parseFromString(await response.text(), "text/html")
      const kept = chosen()?.href
      list.replaceChildren(...page.body.children)
      choose(options().find((option) => option.href === kept))
    } catch {
      return
    }
    list.hidden = !options().length
    box.setAttribute("aria-expanded", String(!list.hidden))
  }

  box.addEventListener("input", () => {
    clearTimeout(timer)
    choose(null)
    if (box.value.trim().length < 2) close()
    else timer = setTimeout(suggest, 120)
  })
  box.addEventListener("keydown", (event) => {
    const all = options()
    const at = all.indexOf(chosen())
    if (event.key === "Escape" && !list.hidden) close()
    else if (event.key === "ArrowDown" && all.length) choose(all[at + 1])
    else if (event.key === "ArrowUp" && all.length) choose(all[at < 0 ? all.length - 1 : at - 1])
    else if (event.key === "Enter" && at >= 0) all[at].click()
    else return
    event.preventDefault()
  })
  box.form.addEventListener("focusout", (event) => {
    if (!box.form.contains(event.relatedTarget)) close()
  })
}

// The card: what the page says of the entity whose mention is under the pointer or has the focus.

const text = document.querySelector(".text")

if (text) {
  const card = document.createElement("div")
  let timer = 0

  card.id = "card"
  card.className = "card"
  card.setAttribute("role", "tooltip")
  card.hidden = true
  document.body.append(card)

  const hide = () => {
    clearTimeout(timer)
    card.hidden = true
    text.querySelectorAll("[aria-describedby]").forEach((link) => link.removeAttribute("aria-describedby"))
  }

  const show = (mention) => {
    // The card says what the tooltip of the browser would say.
    if (mention.title) {
      mention.dataset.title = mention.title
      mention.removeAttribute("title")
    }
    const entry = mention.dataset.entity && document.getElementById(`named-${mention.dataset.entity}`)
    const name = entry ? `${entry.querySelector("a").textContent}, ` : ""
    const kind = document.createElement("p")
    kind.textContent = mention.dataset.title.replace(name, "")
    card.replaceChildren(...(entry ? [...entry.cloneNode(true).childNodes] : []), kind)
    const place = mention.getClientRects()[0]
    card.hidden = false
    const above = place.bottom + card.offsetHeight + 12 > innerHeight && place.top > card.offsetHeight + 12
    const left = Math.min(Math.max(16, place.left), document.documentElement.clientWidth - card.offsetWidth - 16)
    card.style.left = `${left + scrollX}px`
    card.style.top = `${(above ? place.top - card.offsetHeight - 6 : place.bottom + 6) + scrollY}px`
    mention.querySelector("a")?.setAttribute("aria-describedby", card.id)
  }

  const showSoon = (event) => {
    const mention = event.target.closest(".mention")
    if (!mention) return
    clearTimeout(timer)
    timer = setTimeout(() => show(mention), event.type === "focusin" ? 0 : 180)
  }

  const hideSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(hide, 220)
  }

  if (matchMedia("(hover: hover)").matches) {
    text.addEventListener("pointerover", showSoon)
    text.addEventListener("pointerout", hideSoon)
    card.addEventListener("pointerenter", () => clearTimeout(timer))
    card.addEventListener("pointerleave", hideSoon)
  }
  text.addEventListener("focusin", showSoon)
  text.addEventListener("focusout", hideSoon)
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide()
  })
}

// Timelines: drag from one bar to another to choose the period between them.

for (const chart of document.querySelectorAll(".timeline svg")) {
  const bars = [...chart.querySelectorAll("a")]
  let from = -1

  const barAt = (event) => {
    const { left, width } = chart.getBoundingClientRect()
    const index = Math.floor((bars.length * (event.clientX - left)) / width)
    return Math.min(Math.max(0, index), bars.length - 1)
  }

  const period = (to) => [Math.min(from, to), Math.max(from, to)]

  const paint = (first, last) =>
    bars.forEach((bar, index) => bar.classList.toggle("chosen", first <= index && index <= last))

  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0) from = barAt(event)
  })
  chart.addEventListener("dragstart", (event) => event.preventDefault())
  addEventListener("pointermove", (event) => {
    if (from >= 0) paint(...period(barAt(event)))
  })
  addEventListener("pointerup", (event) => {
    if (from < 0) return
    const [first, last] = period(barAt(event))
    from = -1
    if (first === last) return paint(1, 0)
    const url = new URL(chart.dataset.url, location)
    url.searchParams.set(`${chart.dataset.dates}_from`, bars[first].dataset.first)
    url.searchParams.set(`${chart.dataset.dates}_to`, bars[last].dataset.last)
    location.assign(url)
  })
  addEventListener("pointercancel", () => {
    from = -1
    paint(1, 0)
  })
}
