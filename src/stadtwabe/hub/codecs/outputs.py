"""What a codec says of its outputs, and which of them tell the charge of the battery."""

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

BATTERY_PERCENT = ("battery", "battery_level", "battery_percent", "battery_percentage")
BATTERY_VOLTS = ("battery_voltage", "batt_voltage", "vdd", "vbat", "bat_v", "batv")


@dataclass(frozen=True)
class Output:
    """One value: its ``name`` (with ``*`` for a channel), label, unit as sign and UCUM code.

    ``definition`` is the address of what is measured (CF standard names, QUDT).
    """

    name: str
    label: str
    symbol: str = ""
    ucum: str = ""
    definition: str = ""


@dataclass(frozen=True)
class Battery:
    """Charge in percent (0 to 100) and voltage in volts, as far as the device told them."""

    percent: float | None = None
    volts: float | None = None


def describe(name: str, outputs: Iterable[Output]) -> Output:
    """Return what is known of the output ``name``; at least its name."""
    for output in outputs:
        if output.name == name:
            return output
        if fnmatch.fnmatchcase(name, output.name):
            channel = name.removeprefix(output.name.split("*")[0])
            return Output(
                name=name,
                label=f"{output.label} {channel}",
                symbol=output.symbol,
                ucum=output.ucum,
                definition=output.definition,
            )
    return Output(name=name, label=name)


def battery_of(values: Mapping[str, object]) -> Battery:
    """Find the battery among decoded values by its usual names; more than 100 V are millivolts."""
    by_name = {name.lower(): value for name, value in values.items()}
    percent = _number(by_name, BATTERY_PERCENT)
    volts = _number(by_name, BATTERY_VOLTS)
    if percent is not None and not 0 <= percent <= 100:
        percent = None
    if volts is not None and volts > 100:
        volts /= 1000
    return Battery(percent=percent, volts=volts)


def _number(values: Mapping[str, object], names: Iterable[str]) -> float | None:
    for name in names:
        value = values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None
