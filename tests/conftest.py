"""What holds for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# machines are shared, so an example may take as long as it likes
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
