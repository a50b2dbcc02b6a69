"""Remember which files were refused, and say so with each revision."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOTHING = '{"files": 0, "reasons": []}'


def upgrade() -> None:
    op.add_column("source_file", sa.Column("fault", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("revision", sa.Column("refused", sa.JSON(), nullable=False, server_default=NOTHING))


def downgrade() -> None:
    op.drop_column("revision", "refused")
    op.drop_column("source_file", "fault")
