"""Layers settings: defaults, then a TOML file, then the environment."""

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

PREFIX = "SHOP_"


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8080
    debug: bool = False
    workers: int = 2


def load(path: Path | None = None, environ=os.environ) -> Settings:
    settings = Settings()
    if path is not None and path.exists():
        settings = replace(settings, **tomllib.loads(path.read_text("utf-8")))
    overrides = {
        field.name: parse(environ[PREFIX + field.name.upper()], field.type)
        for field in fields(Settings)
        if PREFIX + field.name.upper() in environ
    }
    return check(replace(settings, **overrides))


def parse(text, kind):
    if kind is bool:
        return text.strip().lower() in {"1", "true", "yes"}
    return kind(text)


def check(settings: Settings) -> Settings:
    if not 0 < settings.port < 65536:
        raise ValueError(f"port {settings.port} is not between 1 and 65535")
    if settings.workers < 1:
        raise ValueError("at least one worker is needed")
    return settings
