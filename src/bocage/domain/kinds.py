"""All kinds of declarations, in the order an export writes them and an import reads them."""

from bocage.domain.act import Act
from bocage.domain.actor import Actor
from bocage.domain.actuator import Actuator
from bocage.domain.agreement import Agreement
from bocage.domain.algorithm import Algorithm
from bocage.domain.application import Application
from bocage.domain.assessment import Assessment
from bocage.domain.audit import Audit
from bocage.domain.call_for_projects import CallForProjects
from bocage.domain.challenge import Challenge
from bocage.domain.charter import Charter
from bocage.domain.charter_article import CharterArticle
from bocage.domain.checklist import Checklist
from bocage.domain.clause import Clause
from bocage.domain.codec import Codec
from bocage.domain.consultation import Consultation
from bocage.domain.contract import Contract
from bocage.domain.data_schema import DataSchema
from bocage.domain.data_strategy import DataStrategy
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.digital_service import DigitalService
from bocage.domain.disposal_rule import DisposalRule
from bocage.domain.disposal_slip import DisposalSlip
from bocage.domain.economics import Economics
from bocage.domain.evaluation import Evaluation
from bocage.domain.exception import ReasonedException
from bocage.domain.experiment import Experiment
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.governance_body import GovernanceBody
from bocage.domain.hosting_site import HostingSite
from bocage.domain.human_channel import HumanChannel
from bocage.domain.indicator import Indicator
from bocage.domain.label_award import LabelAward
from bocage.domain.label_scheme import LabelScheme
from bocage.domain.organisation import Organisation
from bocage.domain.own_factor import OwnFactor
from bocage.domain.project import Project
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.role import Role
from bocage.domain.rule import Rule
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.sensor_report import SensorReport
from bocage.domain.shared_specification import SharedSpecification
from bocage.domain.source import Source
from bocage.domain.subscription import Subscription
from bocage.domain.taken_decision import TakenDecision
from bocage.domain.technology import Technology
from bocage.domain.territory import Territory
from bocage.domain.training import Training
from bocage.domain.violation import Violation
from bocage.domain.witness import Witness, Witnessed

KINDS: dict[str, type[Declaration]] = {
    kind.kind: kind
    for kind in (
        Territory,
        Organisation,
        Act,
        PublicService,
        Role,
        GovernanceBody,
        DataStrategy,
        Purpose,
        HostingSite,
        Technology,
        Source,
        Codec,
        DataSchema,
        Dataset,
        DeviceFleet,
        OwnFactor,
        FootprintBudget,
        DisposalRule,
        DisposalSlip,
        SensorNotice,
        SensorReport,
        Indicator,
        Project,
        Consultation,
        Charter,
        CharterArticle,
        Clause,
        Agreement,
        SharedSpecification,
        Contract,
        Actor,
        HumanChannel,
        Actuator,
        Experiment,
        DigitalService,
        Evaluation,
        Economics,
        Training,
        Challenge,
        CallForProjects,
        Application,
        Subscription,
        ReasonedException,
        Rule,
        Algorithm,
        Assessment,
        Audit,
        Checklist,
        LabelScheme,
        LabelAward,
        TakenDecision,
        Violation,
        Witness,
        Witnessed,
    )
}
