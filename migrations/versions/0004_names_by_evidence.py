"""Store why a name was marked, and which entities were made from names in the articles."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entity", sa.Column("local", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mention", sa.Column("evidence", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column("mention", "evidence")
    op.drop_column("entity", "local")
