"""Invented baseball in the layouts of Retrosheet, bettingtools, the databank and two lists of grounds."""

from __future__ import annotations

_BATTING = "33,9,1,0,2,5,0,1,0,3,0,8,1,0,1,0,7"
_PITCHING = "4,3,3,0,0"
_FIELDING = "27,10,1,0,1,0"


def line(
    day: str,
    number: int,
    sides: tuple[str, str],
    score: tuple[int, int],
    innings: tuple[str, str],
    *,
    outs: int = 54,
    completion: str = "",
) -> str:
    """Return one game of an invented log: all 161 fields."""
    away, home = sides
    nine = [f'"{side}p{slot:02}01","P. {side} {slot}",{slot}' for side in ("v", "h") for slot in range(1, 10)]
    fields = [
        f'"{day}","{number}","Sat","{away}","NL",1,"{home}","NL",1,{score[0]},{score[1]},{outs},"N","{completion}"',
        f'"","","CHI11",,185,"{innings[0]}","{innings[1]}"',
        *(f"{_BATTING},{_PITCHING},{_FIELDING}" for _ in sides),
        '"invea901","A Mask","inveb901","B Mask","","(none)","invec901","C Mask","","(none)","","(none)"',
        '"mgr0v001","V Skipper","mgr0h001","H Skipper","vp0101","W","hp0101","L","","(none)","","(none)"',
        '"vp0101","V Starter","hp0101","H Starter"',
        *nine,
        '"","Y"',
    ]
    return ",".join(fields)


LOG = "\n".join((
    line("20180401", 0, ("MIL", "CHN"), (3, 1), ("000010002", "001000000")),
    line("20180402", 1, ("MIL", "CHN"), (0, 12), ("000000000", "01000(10)01x"), outs=51),
    line("20180402", 2, ("MIL", "CHN"), (2, 3), ("0010010000", "0000101001")),
    line("20180515", 0, ("OAK", "CHN"), (5, 4), ("000000023", "004000000"), completion="20180618,,3,3,33"),
    "",
))  # fmt: skip
SBR = """date,game,away_abbrev,home_abbrev,away_name,home_name,away_score,home_score,away_open_ml,home_open_ml,away_close_ml,home_close_ml,away_run_line,home_run_line,away_run_line_odds,home_run_line_odds,open_ou_line,open_ou_odds,close_ou_line,close_ou_odds
2018-04-01,1,MIL,CUB,Milwaukee Brewers,Chicago Cubs,3.0,1.0,120.0,-130.0,115.0,-125.0,1.5,-1.5,-160.0,140.0,8.5,-110.0,8.0,-115.0
2018-04-02,2,MIL,CUB,Milwaukee Brewers,Chicago Cubs,2.0,3.0,140.0,-160.0,150.0,-165.0,1.5,-1.5,-140.0,120.0,9.0,-105.0,104.0,-110.0
2018-04-02,3,MIL,CUB,Milwaukee Brewers,Chicago Cubs,0.0,12.0,130.0,-140.0,135.0,-14.0,-1.5,-1.5,160.0,120.0,9.0,-105.0,9.0,-110.0
2018-10-03,1234,OAK,HOW,Oakland Athletics,,2.0,7.0,150.0,-170.0,155.0,-165.0,1.5,-1.5,-140.0,120.0,7.5,-105.0,7.5,-110.0
"""
PEOPLE = """playerID,birthYear,birthMonth,birthDay,birthCountry,nameFirst,nameLast,weight,height,bats,throws,debut,finalGame,retroID
inveaa01,1990,2,28,USA,Ann,Arm,200,72,R,L,2015-04-01,2018-09-30,vp0101
invebb01,,,,,,Unborn,,,,,1875-04-01,1875-04-30,unbor101
invecc01,1991,1,1,USA,No,Key,180,70,R,R,2016-04-01,2016-04-02,
"""
STADIUMS = (
    "Name\tTeam\tLocation\tOpened\tCapacity\tElevation\tSurface\tCode\n"
    "Invented Field\tAnts\tAntville, Ohio\t4/6/2001\t41,900\t1,059'\tKentucky bluegrass\tINV06\n"
    "Turf Dome\tBees\tBeeton, Texas\t4/19/1966\t45,505\t13'\tShaw B1K Sports Turf\tINV01"
)
PARKS = """park_key,park_name,team_key,park_open_date,park_close_date,park_zip_code,turf_type,roof_type,seating_capacity
1,Dodger Stadium,14,2062-04-10,,1,Grass,Open,1
2,Rogers Centre,29,1989-06-05,,2,AstroTurf,Retractable,2
3,Invented Field,3,1999-06-05,,2,Grass,Open,2
"""
PAYLOADS = {
    "retrosheet": ("GL2018", LOG.encode()),
    "sbr_mlb": ("mlb_odds-2018", SBR.encode()),
    "baseballdatabank": ("People", PEOPLE.encode()),
    "mlb_stadiums": ("stadiumdata", STADIUMS.encode()),
    "mlb_parks": ("park", PARKS.encode()),
}
