"""The page of a report: what a person reads first, what comes after it, and the words around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import cast

from antepost.desk import report_plots
from antepost.desk.report import Report
from antepost.desk.skill import Miss
from antepost.evaluation import accuracy
from antepost.sports import get_sport

_STYLE = """
:root{--ink:#1d2433;--grey:#6b7280;--faint:#e5e7eb;--model:#2563eb;--close:#0f766e;--bad:#dc2626}
*{box-sizing:border-box}
body{margin:0;background:#f6f7f9;color:var(--ink);font:15px/1.55 system-ui,'DejaVu Sans',sans-serif}
header{background:linear-gradient(120deg,#111a33,#1e3a8a 70%,#2563eb);color:#fff;padding:38px 24px 84px}
header>div,main{max-width:1120px;margin:auto;padding:0 24px}
h1{margin:0 0 4px;font-size:30px;letter-spacing:-.02em}header p{margin:0;opacity:.85}
main{margin-top:-56px;padding-bottom:60px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:14px}
.tile,section{background:#fff;border-radius:12px;box-shadow:0 1px 2px #0001,0 6px 22px #1d24330d}
.tile{padding:16px 18px}.tile b{display:block;font-size:25px;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile span{color:var(--grey);font-size:12.5px}.tile i{font-style:normal;font-size:12.5px;display:block}
section{padding:22px 26px;margin-top:18px}h2{margin:0 0 4px;font-size:18px;letter-spacing:-.01em}
section>p{margin:0 0 14px;color:var(--grey);max-width:82ch;font-size:13.5px}
img{width:100%;display:block}.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(430px,1fr));gap:18px}
.two section{margin-top:18px}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{text-align:left;color:var(--grey);font-weight:600;padding:6px 8px;border-bottom:2px solid var(--faint)}
td{padding:6px 8px;border-bottom:1px solid var(--faint);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}.bad{color:var(--bad);font-weight:600}
.why{color:var(--grey);font-size:12px;margin:2px 0 0;padding-left:16px}.flag{background:#fde68a;color:#713f12;
padding:2px 10px;border-radius:99px;font-size:13px;font-weight:600}
code{background:#f1f3f7;padding:2px 6px;border-radius:5px}
@media print{body{background:#fff}section,.tile{box-shadow:none;border:1px solid var(--faint);break-inside:avoid}}
"""


def render(report: Report) -> str:
    """Return the page, pictures and style inside it."""
    found, about = report.evaluation, get_sport(report.evaluation.sport)
    flagged = ' <span class="flag">SIMULATED</span>' if found.simulated else ""
    seen = "no price of any kind" if found.set == "none" else f"prices up to the {found.set}"
    head = (
        f"<header><div><h1>{escape(about.title)}: {_ASKED[found.target]}{flagged}</h1><p>Seasons "
        f"{escape(_span(report))}, {found.n:,} games, each judged by models that had learnt from earlier ones only and "
        f"saw {seen}.</p></div></header>"
    )
    return framed(f"{report.name} {_span(report)}", head, body(report))


def body(report: Report) -> str:
    """Return the sections of a report, tiles first."""
    return "".join((
        _tiles(report), _over_time(report), _pair(_reliability(report), _rivals(report)), _slices(report),
        _worst(report), _groups(report), _learning(report), _drift(report), _how(report),
    ))  # fmt: skip


def framed(title: str, head: str, inside: str) -> str:
    """Return a whole page."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body>{head}<main>{inside}</main></body></html>\n"
    )


_ASKED = {"winner": "who wins", "draw": "whether it is drawn"}
_RIGHT = {"winner": "games whose likelier side won", "draw": "games called rightly"}


def _span(report: Report) -> str:
    return report.evaluation.span.replace(":", " to ")


def _figure(report: Report, name: str) -> float:
    return cast("float", report.figures[name])


def _tiles(report: Report) -> str:
    figure = {name: value for name, value in report.figures.items() if isinstance(value, float)}
    gap = f"{figure['G_low']:.2f} to {figure['G_high']:.2f} (95 %)"
    loss = f"{figure['log_loss_low']:.4f} to {figure['log_loss_high']:.4f} (95 %)"
    tiles = (
        (f"{figure['G']:.2f}", "G: of the way from base rate to closing line", gap),
        (f"{figure['log_loss']:.4f}", "log-loss, nats a game", loss),
        (f"{figure['accuracy']:.1%}", _RIGHT[report.evaluation.target], f"closing line {_right(report):.1%}"),
        (f"{figure['brier']:.4f}", "Brier score", f"miscalibration {figure['miscalibration']:.4f} nats"),
        (f"{figure['ece']:.3f}", "calibration error (ECE), ten bins", f"sharpness: sd {figure['sharpness']:.3f}"),
    )
    shown = "".join(f'<div class="tile"><b>{b}</b><span>{what}</span><i>{more}</i></div>' for b, what, more in tiles)
    return f'<div class="tiles">{shown}</div>'


def _right(report: Report) -> float:
    found = report.evaluation
    return accuracy(found.market_p, found.y)


def _section(title: str, text: str, *inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p>{text}</p>{''.join(inside)}</section>"


def _pair(*sections: str) -> str:
    return f'<div class="two">{"".join(sections)}</div>'


def _beside(*parts: str) -> str:
    return f'<div class="two">{"".join(f"<div>{part}</div>" for part in parts)}</div>'


def _image(source: str, text: str) -> str:
    return f'<img alt="{escape(text)}" src="{source}">'


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], texts: int = 1) -> str:
    """Return a table whose first ``texts`` columns are text and whose others are numbers; cells are HTML."""
    top = _row("th", (escape(name) for name in head), texts)
    return f'<div class="wide"><table>{top}{"".join(_row("td", row, texts) for row in rows)}</table></div>'


def _row(tag: str, cells: Iterable[str], texts: int) -> str:
    kinds = ((' class="n"' if i >= texts else "", cell) for i, cell in enumerate(cells))
    return "<tr>" + "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in kinds) + "</tr>"


def _over_time(report: Report) -> str:
    text = "What each forecast saved against the base rate, summed game by game: a line that rises earns its keep."
    return _section("Over the seasons", text, _image(report_plots.skill_image(report.evaluation), "cumulative skill"))


def _reliability(report: Report) -> str:
    text = (
        "Isotonic regression of what happened on what was said, without bins. Where the line leaves the band, chance "
        f"does not explain it. The log-loss is miscalibration {_figure(report, 'miscalibration'):.4f} - discrimination "
        f"{_figure(report, 'discrimination'):.4f} + uncertainty {_figure(report, 'uncertainty'):.4f}."
    )
    image = report_plots.reliability_image(report.reliability, report.evaluation)
    return _section("Does it keep its word?", text, _image(image, "reliability"))


def _rivals(report: Report) -> str:
    rows = [
        (escape(rival), f"{loss:.4f}", f"{gap:.2f}", _signed(saved), f"{_signed(low)} to {_signed(high)}")
        for rival, loss, gap, saved, low, high in report.rivals.iter_rows()
    ]
    families = cast("Mapping[str, Mapping[str, float]]", report.figures["families"])
    parts = [(escape(name), f"{told['log_loss']:.4f}", f"{told['weight']:.2f}") for name, told in families.items()]
    text = "Nats saved a game on the same games; intervals by drawing whole match-days with replacement."
    return _section(
        "Against its rivals", text,
        _table(("rival", "its log-loss", "its G", "saved", "95 %"), rows),
        f"<h2 style='margin-top:22px'>Inside the blend</h2><p>Weights of the last season; calibrator: "
        f"{escape(str(report.figures['calibrator']))}.</p>",
        _table(("family", "log-loss alone", "weight"), parts),
    )  # fmt: skip


def _signed(value: float) -> str:
    shown = f"{value:+.4f}"
    return f'<span class="bad">{shown}</span>' if value < 0.0 else shown


_NONE = "No slice is worse than the base rate."


def behind(report: Report) -> list[tuple[str, float, int]]:
    """Return label, G and n of each slice on which the model is worse than the base rate."""
    return [(part, gap, n) for part, gap, n in report.behind.select("part", "G", "n").iter_rows()]


def _slices(report: Report) -> str:
    named = ", ".join(f"{escape(part)} (G {gap:.2f}, n {n:,})" for part, gap, n in behind(report))
    said = f'<span class="bad">Worse than the base rate: {named}.</span>' if named else _NONE
    images = [
        f"<h2>by {escape(by)}</h2>{_image(report_plots.slices_image(table), f'G by {by}')}"
        for (by,), table in report.slices.group_by("by", maintain_order=True)
    ]
    return _section("Where it is good, and where not", said, _beside(*images))


def _worst(report: Report) -> str:
    rows: list[tuple[str, ...]] = []
    of_draw = report.evaluation.target == "draw"
    for miss in report.worst:
        game = miss.game
        came = game["home_score"] == game["away_score"] if of_draw else _home_won(game)
        p, market = (miss.p, miss.market_p) if came else (1.0 - miss.p, 1.0 - miss.market_p)
        why = "".join(f"<li>{escape(one.words)} ({abs(one.log_odds):.2f})</li>" for one in miss.factors)
        told = f"{_drawn(miss) if of_draw else _won(miss)}<ul class='why'>{why}</ul>"
        rows.append((f"<nobr>{game['start']:%Y-%m-%d}</nobr>", told, f"{p:.0%}", f"{market:.0%}", f"{miss.loss:.2f}"))
    text = "The games that cost most, and what spoke loudest for what did not come (log-odds in brackets)."
    head = ("day", "what happened, against what it believed", "model said", "closing line", "nats lost")
    return _section("The twenty worst calls", text, _table(head, rows, texts=2))


def _won(miss: Miss) -> str:
    winner = miss.sides.home if _home_won(miss.game) else miss.sides.away
    return f"<b>{escape(winner)}</b> won {_score(miss.game)} at {escape(_where(miss))}"


def _drawn(miss: Miss) -> str:
    home, away = escape(miss.sides.home), escape(miss.sides.away)
    return f"{home} <b>{miss.game['home_score']}-{miss.game['away_score']}</b> {away}"


def _home_won(game: Mapping[str, object]) -> bool:
    return cast("int", game["home_score"]) > cast("int", game["away_score"])


def _score(game: Mapping[str, object]) -> str:
    high, low = sorted((cast("int", game["home_score"]), cast("int", game["away_score"])), reverse=True)
    return f"{high}-{low}"


def _where(miss: Miss) -> str:
    return "home against " + miss.sides.away if _home_won(miss.game) else miss.sides.home


def _groups(report: Report) -> str:
    rows = [
        (escape(group.replace("_", " ")), str(columns), f"{shap:.3f}", f"{_signed(rise)} ± {spread:.4f}")
        for group, columns, shap, rise, spread in report.groups.head(12).iter_rows()
    ]
    text = (
        "How much each group of features moves a prediction it had not seen (mean size of its Shapley values "
        "together), and by how much the log-loss rises once its values are dealt out anew. Groups that say nearly "
        "the same cover for each other."
    )
    image = _image(report_plots.groups_image(report.groups), "importance by group")
    table = _table(("group", "columns", "mean |SHAP|", "log-loss rise"), rows)
    return _section("What it goes by", text, _beside(image, table))


def _learning(report: Report) -> str:
    table = report.learning
    if table is None:
        return ""
    rows = [
        (str(size), f"{n:,}", f"{loss:.4f}", f"{gap:.2f} [{low:.2f}, {high:.2f}]")
        for size, n, loss, gap, low, high in table.iter_rows()
    ]
    text = (
        "The three newest seasons, judged by families that had learnt from so many seasons before; the blend stays the "
        "same. A line that still rises asks for more history."
    )
    image = _image(report_plots.learning_image(table), "learning curve")
    return _section(
        "How much history it needs", text, _beside(image, _table(("seasons", "n", "log-loss", "G, 95 %"), rows))
    )


def _drift(report: Report) -> str:
    if report.drift.is_empty():
        return ""
    moved = report.drift.filter("drifted")
    rows = [
        (f"<code>{escape(column)}</code>", f"{psi:.3f}", f"{chance:.3f}", f"{p:.3f}", f"{before:.0%}", f"{now:.0%}")
        for column, psi, chance, p, before, now, _ in moved.head(12).iter_rows()
    ]
    text = (
        f"{moved.height} of {report.drift.height} columns of the newest season differ from the judged seasons before "
        "by more than chance explains, one in ten of them a false alarm (Benjamini-Hochberg over p-values from 200 "
        "draws of match-days)."
    )
    head = ("column", "PSI", "95 % by chance", "p", "missing before", "missing now")
    return _section("What has moved", text, _table(head, rows) if rows else "")


def _left_out(dropped: Mapping[str, int]) -> str:
    words = {"tie": "ties", "no_price": "without a closing price", "no_open": "without an opening price"}
    return ", ".join(f"{n} {words.get(why, why)}" for why, n in dropped.items() if n) or "nothing"


def _how(report: Report) -> str:
    found = report.evaluation
    explained = f" Explained: {escape(found.explained)}." if found.explained else ""
    text = (
        f"Recipe tuned through {report.tuned_through}; nothing later was looked at while choosing it. Left out: "
        f"{_left_out(found.dropped)}. Market: {escape(found.market_source)}, {escape(found.devig)} de-vig.{explained}"
    )
    return _section("How to get this page again", text, f"<code>{escape(report.command)}</code>")
