"""Store when articles were last updated."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("article", sa.Column("updated_precision", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("article", sa.Column("updated_offset", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("article", "updated_offset")
    op.drop_column("article", "updated_precision")
    op.drop_column("article", "updated_at")
