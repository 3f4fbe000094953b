"""The shapes of the API's answers, each with an example. Every example is invented and says ``simulated``."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from antepost.betting import BettingPolicy

EXAMPLE_RECORD: JsonDict = {
    "hash": "3f" * 32,
    "sequence": 13,
    "previous": "a1" * 32,
    "sport": "nfl",
    "league": "nfl",
    "season": 2023,
    "week": 18,
    "stage": "REG",
    "fixture": "nfl-2023-18-BUF-MIA",
    "home": "MIA",
    "away": "BUF",
    "start": "2024-01-08T01:20:00.000000Z",
    "as_of": "2024-01-08T01:20:00.000000Z",
    "sealed_at": "2026-11-21T05:00:00.000000Z",
    "late": True,
    "target": "winner",
    "set": "close",
    "probability": {"home": 0.44, "away": 0.56},
    "p_low": {"home": 0.41, "away": 0.53},
    "fair_odds": {"home": 2.2727, "away": 1.7857},
    "market_odds": {"home": 2.36, "away": 1.64},
    "side": "home",
    "edge": -0.0324,
    "tier": "D",
    "stake": 0.0,
    "bundle": "7c" * 32,
    "lock": "5e" * 8,
    "policy": BettingPolicy().digest(),
    "policy_values": BettingPolicy().model_dump(mode="json"),
    "batch": 1,
    "facts": "b2" * 32,
    "platform": "linux-x86_64-numba0.62.1",
    "simulated": True,
}


# A number for each outcome of the target: home and away, home, draw and away, or draw and decided.
_TWO: JsonDict = {"home": 0.44, "away": 0.56}


class Prediction(BaseModel):
    """A sealed prediction, field for field as it was sealed.

    SHA-256 over its canonical JSON (sorted keys, no spaces, ASCII) without ``hash`` gives ``hash``;
    ``previous`` is the hash of the record before it in the chain.
    """

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [EXAMPLE_RECORD]})

    hash: str = Field(description="SHA-256 of the record, its name")
    sequence: int = Field(ge=1, description="place in the chain")
    previous: str = Field(description="hash of the record before; 64 zeros for the first")
    sport: str
    league: str
    season: int = Field(description="the year in which the season begins")
    week: int | None = None
    stage: str
    fixture: str
    home: str
    away: str
    start: AwareDatetime = Field(description="scheduled start, UTC")
    as_of: AwareDatetime = Field(description="only facts known before this moment were used")
    sealed_at: AwareDatetime = Field(description="when the seal was set")
    late: bool = Field(description="sealed at or after the start, as all history is; counts for no track record")
    target: str = Field(description="winner; where a draw can be bet on also draw, and 1x2 for home, draw and away")
    set: str = Field(description="information set: none, open or close")
    probability: dict[str, float] = Field(examples=[_TWO])
    p_low: dict[str, float] = Field(description="lower quantile of each outcome's calibrated probability")
    fair_odds: dict[str, float] = Field(description="decimal odds without margin")
    market_odds: dict[str, float] | None = Field(description="decimal odds of the market, null where there is no price")
    side: Literal["home", "draw", "away", "decided"] = Field(description="the outcome that was chosen")
    edge: float | None = Field(description="p_low times odds minus one, of the chosen outcome")
    tier: Literal["A", "B", "C", "D"]
    stake: float = Field(ge=0, le=1, description="share of the bank")
    bundle: str = Field(description="digest of the model bundle")
    lock: str = Field(description="hash of the feature lock")
    policy: str = Field(description="hash of the betting policy")
    policy_values: BettingPolicy = Field(description="the policy itself, under which a rebuild decides again")
    batch: int = Field(description="newest batch of data that was used")
    facts: str = Field(description="digest of the facts that were used")
    platform: str = Field(description="where it was computed; there a rebuild is equal to the bit")
    simulated: bool = Field(description="true: the data come from the simulated league")


class Predictions(BaseModel):
    """A page of sealed predictions."""

    simulated: bool = Field(
        description="true: at least one of them rests on the simulated league", examples=[EXAMPLE_RECORD["simulated"]]
    )
    limit: int = Field(examples=[100])
    offset: int = Field(examples=[0])
    next_offset: int | None = Field(description="offset of the next page, null on the last", examples=[100])
    predictions: list[Prediction]


class FactorAnswer(BaseModel):
    """What one feature adds to a prediction."""

    feature: str = Field(examples=["elo.logit.now.fixture"])
    group: str = Field(examples=["elo"])
    words: str = Field(description="its value in a sentence", examples=["Elo chance 60%, for MIA"])
    value: float | None = Field(description="null where it was not known", examples=[0.41])
    unit: str = Field(examples=["log-odds"])
    log_odds: float = Field(description="above 0 it speaks for the first outcome", examples=[0.24])
    side: str = Field(alias="for", description="what it speaks for", examples=["MIA"])


class QuestionAnswer(BaseModel):
    """Why the answer to a two-way question is what it is: base, factors and rest sum to its log-odds."""

    probability: dict[str, float] = Field(examples=[_TWO])
    log_odds: float = Field(description="of the first outcome, as served", examples=[-0.24])
    base: float = Field(description="log-odds where nothing is told", examples=[0.18])
    families: dict[str, float] = Field(description="what each family adds", examples=[{"elo": -0.42}])
    factors: list[FactorAnswer]
    rest: float = Field(description="all other features together", examples=[0.0])


class _Explained(BaseModel):
    simulated: bool = Field(description="true: the data come from the simulated league", examples=[True])
    sport: str = Field(examples=["nfl"])
    fixture: str = Field(examples=["nfl-2023-18-BUF-MIA"])
    home: str = Field(description="what people call it", examples=["Miami Dolphins"])
    away: str = Field(examples=["Buffalo Bills"])
    start: AwareDatetime = Field(examples=["2024-01-08T01:20:00Z"])
    as_of: AwareDatetime = Field(examples=["2024-01-08T01:20:00Z"])
    set: str = Field(examples=["close"])
    bundle: str = Field(examples=["7c" * 32])
    seal: str = Field(description="hash of the sealed prediction", examples=["3f" * 32])


class ExplanationAnswer(_Explained, QuestionAnswer):
    """Why a sealed prediction of two outcomes is what it is."""


class ThreeWayExplanationAnswer(_Explained):
    """Why a sealed prediction of home, draw and away is what it is: whether it is drawn, and who wins if it is not."""

    probability: dict[str, float] = Field(examples=[{"home": 0.4, "draw": 0.3, "away": 0.3}])
    questions: dict[Literal["draw", "winner"], QuestionAnswer] = Field(
        description="why, question by question",
        examples=[{"draw": {"base": -1.1, "log_odds": -0.9}, "winner": {"base": 0.2, "log_odds": 0.4}}],
    )


class FixtureAnswer(BaseModel):
    """One fixture, and its result where it is known."""

    model_config = ConfigDict(extra="ignore")

    fixture: str = Field(examples=["nfl-2023-18-BUF-MIA"])
    season: int = Field(examples=[2023])
    week: int | None = Field(examples=[18])
    stage: str = Field(examples=["REG"])
    event_at: AwareDatetime = Field(description="scheduled start, UTC", examples=["2024-01-08T01:20:00Z"])
    home: str = Field(examples=["MIA"])
    away: str = Field(examples=["BUF"])
    neutral: bool = Field(examples=[False])
    venue: str | None = Field(examples=["Invented Stadium"])
    home_score: int | None = Field(examples=[14])
    away_score: int | None = Field(examples=[21])


class Fixtures(BaseModel):
    """A page of fixtures in order of their start."""

    simulated: bool = Field(description="true: these fixtures come from the simulated league", examples=[True])
    sport: str = Field(examples=["nfl"])
    total: int = Field(description="how many there are on all pages", examples=[272])
    limit: int = Field(examples=[100])
    offset: int = Field(examples=[0])
    fixtures: list[FixtureAnswer]


class Health(BaseModel):
    """The process answers; it says nothing about what the process needs."""

    status: Literal["ok"] = "ok"
    version: str = Field(examples=["0.1.0"])
    simulated: bool | None = Field(
        description="true: at least one sport holds simulated data; null where that cannot be read now", examples=[True]
    )


class Readiness(BaseModel):
    """Everything an answer needs is there."""

    status: Literal["ready"] = "ready"
    simulated: bool = Field(description="true: at least one sport holds simulated data", examples=[True])
    checks: dict[str, str] = Field(examples=[{"postgres": "ok", "ledger": "ok"}])
