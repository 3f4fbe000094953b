"""The desk as a Dagster resource. Dagster reads annotations at run time, so none of these modules postpones them."""

import dagster as dg
from pydantic import Field

from antepost.desk import Desk, open_desk


class DeskResource(dg.ConfigurableResource[Desk]):
    """Where the assets find the desk; everything else comes from the ``ANTEPOST_*`` variables."""

    home: str | None = Field(default=None, description="folder of the data; ANTEPOST_HOME or ./.antepost if unset")

    def open(self) -> Desk:
        """Return a desk over the home; engines start when first needed."""
        return open_desk(self.home)
