"""The tags that the built-in measures and reports rely on."""

from __future__ import annotations

from typing import Final

AE_ATTENDANCE: Final = "ae_attendance"  #: the visit that counts an attendance
IN_AE: Final = "in_ae"  #: every step inside A&E
EMERGENCY_ADMISSION: Final = "emergency_admission"  #: the visit that counts an admission
CONVEYANCE: Final = "conveyance"
CONTACT_111: Final = "contact_111"
CALL_999: Final = "call_999"
GP_CONTACT: Final = "gp_contact"
OOH_CONTACT: Final = "ooh_contact"
UTC_ATTENDANCE: Final = "utc_attendance"
SPA_CALL: Final = "spa_call"
RAPID_RESPONSE: Final = "rapid_response"
CREW_ON_SCENE: Final = "crew_on_scene"
HANDOVER: Final = "handover"
DELAYED_DISCHARGE: Final = "delayed_discharge"  #: a bed is kept as the next thing is not ready
CARE_PACKAGE: Final = "care_package"
COMMUNITY_ADMISSION: Final = "community_admission"

#: whoever comes to such a step keeps an appointment: no episode of urgent need
APPOINTMENT: Final = "appointment"

#: All that count contacts; a scenario may price or count them without having them.
STANDARD_TAGS: Final = (
    AE_ATTENDANCE,
    IN_AE,
    EMERGENCY_ADMISSION,
    CONVEYANCE,
    CONTACT_111,
    CALL_999,
    GP_CONTACT,
    OOH_CONTACT,
    UTC_ATTENDANCE,
    SPA_CALL,
    RAPID_RESPONSE,
    CREW_ON_SCENE,
    HANDOVER,
    DELAYED_DISCHARGE,
    CARE_PACKAGE,
    COMMUNITY_ADMISSION,
)
