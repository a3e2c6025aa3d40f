"""All kinds of declarations, in the order an export writes them and an import reads them."""

from bocage.domain.act import Act
from bocage.domain.algorithm import Algorithm
from bocage.domain.codec import Codec
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.exception import ReasonedException
from bocage.domain.hosting_site import HostingSite
from bocage.domain.indicator import Indicator
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.role import Role
from bocage.domain.rule import Rule
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.domain.subscription import Subscription
from bocage.domain.territory import Territory

KINDS: dict[str, type[Declaration]] = {
    kind.kind: kind
    for kind in (
        Territory,
        Organisation,
        Act,
        PublicService,
        Contract,
        Role,
        Purpose,
        HostingSite,
        Source,
        Codec,
        Dataset,
        SensorNotice,
        Indicator,
        Subscription,
        ReasonedException,
        Rule,
        Algorithm,
    )
}
