FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PROJECT_ENVIRONMENT=/articles \
    UV_PYTHON=/usr/local/bin/python3 \
    UV_PYTHON_DOWNLOADS=never
WORKDIR /source
RUN ["pip", "install", "--no-cache-dir", "uv==0.13.9"]
# What the project needs changes seldom, so it has a layer of its own. Of the extras only those with spaCy (270 MB) are left out.
COPY pyproject.toml uv.lock ./
RUN ["uv", "sync", "--frozen", "--no-install-project", "--all-extras", "--no-extra", "spacy", "--no-extra", "ner"]
COPY README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY seeds seeds
RUN ["uv", "sync", "--frozen", "--no-editable", "--all-extras", "--no-extra", "spacy", "--no-extra", "ner"]

FROM python:3.13-slim
# The interpreter's own modules are compiled here once, and not at every start: the file system may be read-only.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin articles \
    && install --directory --owner=10001 --group=10001 /data \
    && python3 -m compileall -q -x '/(test|idlelib|lib2to3|ensurepip|site-packages|turtledemo)/' /usr/local/lib
COPY --from=build /articles /articles
COPY seeds /seeds
ENV PATH=/articles/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ARTICLES_DATA=/data
# By number, so that an orchestrator sees that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s CMD ["articles", "health"]
ENTRYPOINT ["articles"]
CMD ["serve", "--host", "0.0.0.0", "--seeds", "/seeds"]
