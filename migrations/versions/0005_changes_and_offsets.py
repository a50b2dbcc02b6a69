"""Store what each revision changed, and the offset of the times that articles were published at."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision", sa.Column("changes", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("article", sa.Column("published_offset", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("article", "published_offset")
    op.drop_column("revision", "changes")
