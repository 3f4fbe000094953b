"""What stands for a fixture that is ahead, as bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``star.standing``."""
    op.create_table(
        "standing",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("sport", "lock", "fixture")),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sport", "lock", "fixture", name="pk_standing"),
        schema="star",
    )


def downgrade() -> None:
    """Drop it; what it held is computed anew."""
    op.drop_table("standing", schema="star")
