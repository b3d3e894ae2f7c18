"""The schemas of the contract. Generated: `make openapi`."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

Prerequisite: TypeAlias = str


class DiagnosticActionAdd(TypedDict):
    """
    An action of the company's own; its prerequisites are codes of the same roadmap.
    """

    effort: Literal['XS', 'S', 'M', 'L', 'XL']
    horizon_months: NotRequired[Literal[3, 6, 12]]
    impact: int
    prerequisites: NotRequired[list[Prerequisite]]
    title: str


class DiagnosticActionCounts(TypedDict):
    """
    Actions of the companies' latest roadmaps, by status.
    """

    accepted: int
    done: int
    dropped: int
    in_progress: int
    on_hold: int
    proposed: int
    rejected: int


DiagnosticActionStatus: TypeAlias = Literal['proposed', 'accepted', 'rejected', 'in_progress', 'done', 'on_hold', 'dropped']


class DiagnosticActionUpdate(TypedDict):
    """
    What to change of an action; a field left out stays, null empties it where it may be.
    """

    due_on: NotRequired[str | None]
    note: NotRequired[str | None]
    owner_id: NotRequired[str | None]
    position: NotRequired[int]
    progress: NotRequired[int]
    reason: NotRequired[str | None]
    starts_on: NotRequired[str | None]
    status: NotRequired[DiagnosticActionStatus]
    title: NotRequired[str]


class DiagnosticAnswerRead(TypedDict):
    """
    A stored answer; `version` is its entity tag.
    """

    answered_at: str
    confidence: int | None
    question: str
    reason: str | None
    state: Literal['answered', 'not_applicable', 'dont_know']
    value: Any
    version: int


class DiagnosticAnswerThen(TypedDict):
    """
    An answer as it stood; `revision` is the one in which it was last given.
    """

    answered_at: str
    question: str
    reason: str | None
    revision: int
    state: Literal['answered', 'not_applicable', 'dont_know']
    value: Any
    version: int


class DiagnosticAnswerWrite(TypedDict):
    """
    An answer; which values fit depends on the question's type; confidence never scores.
    """

    confidence: NotRequired[int | None]
    reason: NotRequired[str | None]
    state: Literal['answered', 'not_applicable', 'dont_know']
    value: NotRequired[Any]


class DiagnosticAssessmentListed(TypedDict):
    """
    A diagnostic in a list: enough to find the one to go on with.
    """

    id: str
    milestone: str
    organisation_id: str
    questionnaire: str
    started_at: str
    status: str
    submitted_at: str | None
    version: str


class DiagnosticAssessmentStart(TypedDict):
    """
    Which company answers which grid, at which point of the programme.
    """

    cohort_id: NotRequired[str | None]
    derived_from: NotRequired[str | None]
    milestone: NotRequired[Literal['T0', 'T1', 'T2', 'ad_hoc']]
    organisation_id: str
    questionnaire: str


class DiagnosticAttendanceCount(TypedDict):
    """
    Sessions of the week that a company was noted at, by what was noted.
    """

    absent: int
    excused: int
    present: int


class DiagnosticAuditEventRead(TypedDict):
    """
    Who did what to what; the hashes are of its content before and after, where it has one.
    """

    action: str
    actor: str
    after_hash: str | None
    at: str
    before_hash: str | None
    client: str
    entity: str
    entity_id: str
    id: int


class DiagnosticAxis(TypedDict):
    """
    A dimension; a null score is never a zero: it has an interval, or was not assessed.

    `share` is its weight among the assessed dimensions, `known_share` the part of its answers
    other than “don't know”, both in 0..1.
    """

    code: NotRequired[str]
    exact: NotRequired[str | None]
    gap: NotRequired[float | None]
    interval: NotRequired[tuple[float, float] | None]
    known_share: NotRequired[float | None]
    level: str | None
    score: float | None
    share: NotRequired[float | None]
    summary: str
    target: NotRequired[float | None]
    text: str | None
    title: str


class DiagnosticBandRead(TypedDict):
    """
    Levels from one to another that are told together, with the share of companies in them.
    """

    first: str
    last: str
    share: int


class DiagnosticBilingual(TypedDict):
    """
    A text in both languages.
    """

    en: str
    fr: str


class DiagnosticCaps(TypedDict):
    """
    Highest ratio of an answer by what stands behind it (design, method 13).
    """

    declared: float
    document: float
    verified: float


class DiagnosticCertification(TypedDict):
    """
    A certification of the national registers that answers an action.
    """

    detail: NotRequired[str | None]
    number: str
    title: str


class DiagnosticCertificationRead(TypedDict):
    """
    A certification that answers an action: as training has it now, or as it was cited.
    """

    level: int | None
    number: str
    present_state: str | None
    registration_end: str | None
    replaced_by: list[str]
    source_url: str | None
    state: str | None
    title: str
    updated: bool | None


class DiagnosticChange(TypedDict):
    """
    One change; for `deleted` the payload says why and what replaces it.
    """

    at: str
    entity: str
    entity_id: str
    kind: Literal['created', 'updated', 'deleted']
    payload: dict[str, Any]
    version: int


class DiagnosticChangeRead(TypedDict):
    """
    Points out of 100 before and after, and levels gained; below zero what was lost.
    """

    after: float
    before: float
    difference: float
    difference_exact: str
    level_after: str | None
    level_before: str | None
    levels_gained: int | None


class DiagnosticChanges(TypedDict):
    """
    A page of the feed; `next` is always given: ask again with it, now or later.
    """

    items: list[DiagnosticChange]
    more: bool
    next: str


class DiagnosticCohortCounts(TypedDict):
    """
    The weeks of a programme, and their seats; those taken are rounded down like companies.
    """

    held: int
    planned: int
    running: int
    seats_offered: int
    seats_taken: int


class DiagnosticCohortCreate(TypedDict):
    """
    A week, from Monday to Friday, for up to `capacity` companies.
    """

    capacity: NotRequired[int]
    code: str
    ends_on: str
    enrol_closes_at: NotRequired[str | None]
    facilitator: str
    programme: str
    starts_on: str
    status: NotRequired[Literal['planned', 'open']]
    title: str


class DiagnosticCohortRead(TypedDict):
    """
    A cohort and how many of its seats are taken; never who took them.
    """

    capacity: int
    code: str
    ends_on: str
    enrol_closes_at: str
    facilitated_by: list[str]
    facilitator: str
    id: str
    is_open: bool
    programme: str
    seats_taken: int
    starts_on: str
    status: str
    timezone: str
    title: str
    version: int
    waitlisted: int


CoFacilitator: TypeAlias = str


class DiagnosticCohortUpdate(TypedDict):
    """
    What to change of a cohort; a field left out stays, a code and a programme never change.
    """

    capacity: NotRequired[int]
    co_facilitators: NotRequired[list[CoFacilitator]]
    ends_on: NotRequired[str]
    enrol_closes_at: NotRequired[str]
    facilitator: NotRequired[str]
    starts_on: NotRequired[str]
    title: NotRequired[str]


class DiagnosticCommentRead(TypedDict):
    """
    A remark; open until `resolved_at`, its text null once erased.
    """

    assessment_id: str
    author: str
    created_at: str
    dimension: str | None
    id: str
    question: str | None
    resolved_at: str | None
    resolved_by: str | None
    respondent_id: str | None
    revision: int
    text: str | None


class DiagnosticCommentWrite(TypedDict):
    """
    A remark on one question, on one dimension, or on the whole when neither is named.
    """

    dimension: NotRequired[str | None]
    question: NotRequired[str | None]
    respondent_id: NotRequired[str | None]
    text: str


class DiagnosticCompany(TypedDict):
    """
    A company that is in; the id of another tenant's is for the facilitator alone.
    """

    name: str
    organisation_id: str | None


class DiagnosticCompanyRead(TypedDict):
    """
    Who it is.
    """

    name: str
    siren: str


class DiagnosticComparison(TypedDict):
    """
    One comparison of a published rule, kept as its operator words it.
    """

    fact: Literal['headcount', 'region_code', 'de_minimis_eur', 'project_started', 'turnover_eur', 'balance_sheet_eur', 'is_independent', 'in_difficulty']
    op: Literal['lt', 'lte', 'gt', 'gte', 'eq', 'in']
    value: bool | int | float | str | list[bool | int | float | str]


class DiagnosticContributionRead(TypedDict):
    """
    Points out of 100 that a question brought, and those it left; the exact ones add up.
    """

    backing: NotRequired[Literal['declared', 'document', 'verified'] | None]
    code: str
    contribution: float
    contribution_exact: str
    declared_ratio: NotRequired[float | None]
    dimension: str
    label: str
    lost: float
    lost_exact: str
    ratio: float


class DiagnosticCounts(TypedDict):
    """
    How many respondents are asked, have answered, and still may; never who.
    """

    answered: int
    asked: int
    waiting: int


Version: TypeAlias = str


class DiagnosticDecision(TypedDict):
    """
    A question to settle: by the answer given here, else by the one proposed.
    """

    answer: NotRequired[DiagnosticAnswerWrite | None]
    question: str


class DiagnosticDimensionChange(TypedDict):
    """
    How a dimension changed.
    """

    after: float
    before: float
    code: str
    difference: float
    difference_exact: str
    level_after: str | None
    level_before: str | None
    levels_gained: int | None
    title: str


class DiagnosticDimensionPoints(TypedDict):
    """
    An axis, out of 100; null when it is not assessable.
    """

    code: str
    score: float | None


class DiagnosticDimensionQuartiles(TypedDict):
    """
    A dimension of a group.
    """

    code: str
    median: float
    q1: float
    q3: float
    title: str


class DiagnosticDimensionShift(TypedDict):
    """
    An axis now and then, out of 100; null when it is not assessable.
    """

    code: str
    gain: float | None
    gain_exact: str | None
    level_now: str | None
    level_then: str | None
    now: float | None
    then: float | None
    title: str


class DiagnosticDimensionStanding(TypedDict):
    """
    A dimension among the peers'.
    """

    code: str
    median: float
    q1: float
    q3: float
    rank: float
    score: float
    title: str


class DiagnosticEfforts(TypedDict):
    """
    What an action of each size takes, in the unit of the capacity: points or person-days.
    """

    L: NotRequired[int]
    M: NotRequired[int]
    S: NotRequired[int]
    XL: NotRequired[int]
    XS: NotRequired[int]


class DiagnosticEnrolmentListed(TypedDict):
    """
    An enrolment and its company, told to its facilitator while it takes part only.
    """

    cohort_id: str
    company: DiagnosticCompanyRead | None
    created_at: str
    id: str
    organisation_id: str
    rank: int | None
    reason: Literal['promoted', 'withdrawn', 'excluded', 'cohort_cancelled', 'cohort_started', 'seated_elsewhere'] | None
    seat_no: int | None
    status: Literal['confirmed', 'waitlisted', 'attended', 'no_show', 'cancelled', 'expired']
    updated_at: str
    version: int


class DiagnosticEnrolmentRead(TypedDict):
    """
    A seat (`seat_no`), or a place in the waiting list (`rank`, from 1).
    """

    cohort_id: str
    created_at: str
    id: str
    organisation_id: str
    rank: int | None
    reason: Literal['promoted', 'withdrawn', 'excluded', 'cohort_cancelled', 'cohort_started', 'seated_elsewhere'] | None
    seat_no: int | None
    status: Literal['confirmed', 'waitlisted', 'attended', 'no_show', 'cancelled', 'expired']
    updated_at: str
    version: int


class DiagnosticEnrolmentRequest(TypedDict):
    """
    The company that wants a seat.
    """

    organisation_id: str


DiagnosticEnrolmentStatus: TypeAlias = Literal['confirmed', 'waitlisted', 'attended', 'no_show', 'cancelled', 'expired']


class DiagnosticEvidenceCaps(TypedDict):
    """
    The highest ratio of an answer, by what backs it.
    """

    declared: float
    document: float
    verified: float


DiagnosticEvidenceKind: TypeAlias = Literal['policy', 'contract', 'certificate', 'training_record', 'screenshot', 'register', 'other']


class DiagnosticEvidenceProfile(TypedDict):
    """
    Highest ratio of an answer that is only declared, backed by a document, or verified.
    """

    declared: NotRequired[float]
    document: NotRequired[float]
    verified: NotRequired[float]


class DiagnosticEvidenceShares(TypedDict):
    """
    Shares of the answers' weight that are declared only, documented or verified.
    """

    declared: float
    document: float
    verified: float


class DiagnosticExportedPart(TypedDict):
    """
    How many records, and the SHA-256 of the RFC 8785 canonical JSON of their array.
    """

    records: int
    sha256: str


class DiagnosticExposureRead(TypedDict):
    """
    How exposed the company's sector is to generative AI, as the observatory has it now.
    """

    code: str
    exposed_share: float
    high: float
    label: str
    low: float
    mean: float
    method: str
    reading: str


class DiagnosticFacet(TypedDict):
    """
    How many hits of a kind are of a level.
    """

    level: str
    total: int


DiagnosticFileFormat: TypeAlias = Literal['json', 'xlsx', 'fhir', 'surveyjs', 'xlsform']


class DiagnosticFindingRead(TypedDict):
    """
    One thing that the lint found: an `error` keeps the grid from being published.
    """

    code: str
    detail: str
    pointer: str
    severity: Literal['error', 'warning']


class DiagnosticFunding(TypedDict):
    """
    A public aid, and whether the company can have it.
    """

    amount: str
    missing: NotRequired[list[str]]
    note: NotRequired[str | None]
    operator: str
    status: Literal['eligible', 'ineligible', 'unknown']
    title: str
    window: Literal['upcoming', 'open', 'closed']


class DiagnosticGridRef(TypedDict):
    """
    The frozen version that a diagnostic keeps for life.
    """

    code: str
    content_hash: str
    scoring_hash: str
    version: str


class DiagnosticGroupRead(TypedDict):
    """
    The group of peers that is shown, in words.
    """

    level: Literal['sector', 'size', 'region', 'programme', 'cohort']
    title: str


class DiagnosticHashes(TypedDict):
    """
    What a score was made from, and what it says (SHA-256 of RFC 8785 canonical JSON).
    """

    input_hash: str
    result_hash: str


class DiagnosticHeatMapLine(TypedDict):
    """
    A dimension, or the global score under no code: the companies by bands of levels.
    """

    bands: list[DiagnosticBandRead]
    code: str
    level: str
    median: float
    title: str


class DiagnosticInvitationAccept(TypedDict):
    """
    The company of yours that comes; its SIREN is the one invited.
    """

    organisation_id: str


class DiagnosticInvitationMade(TypedDict):
    """
    What came of one line; `token` is shown this once and stored nowhere.
    """

    expires_at: str
    id: str
    outcome: Literal['invited', 'already_invited']
    siren: str
    token: str | None


class DiagnosticInvitationOpened(TypedDict):
    """
    To what an invitation invites: what everybody may know of the cohort.
    """

    cohort: str
    cohort_id: str
    ends_on: str
    enrol_closes_at: str
    expires_at: str
    facilitated_by: list[str]
    facilitator: str
    starts_on: str
    status: Literal['sent', 'accepted', 'declined', 'revoked', 'expired']


class DiagnosticInvitationRead(TypedDict):
    """
    An invitation as its facilitator sees it.
    """

    created_at: str
    expires_at: str
    id: str
    siren: str
    status: Literal['sent', 'accepted', 'declined', 'revoked', 'expired']


class DiagnosticInvitationsCreate(TypedDict):
    """
    Whom to invite, and for how long the links open.
    """

    days: NotRequired[int]
    sirens: list[str]


class DiagnosticInvitationsMade(TypedDict):
    """
    One result per line, in their order.
    """

    items: list[DiagnosticInvitationMade]


class DiagnosticItemRead(TypedDict):
    """
    An item of the other method; `questions` are those of the grid that tell it.
    """

    code: str
    exact: str | None
    questions: list[str]
    score: float | None
    status: Literal['answered', 'not_applicable', 'to_ask']
    title: str


class DiagnosticLabel(TypedDict):
    """
    A text; French is required, and stands in where English is missing.
    """

    en: NotRequired[str | None]
    fr: str


class DiagnosticLeft(TypedDict):
    """
    A question for which nothing could be proposed.
    """

    question: str
    reason: Literal['question_gone', 'type_changed', 'options_changed', 'does_not_fit', 'file', 'own_words', 'not_registered']


class DiagnosticLevel(TypedDict):
    """
    A named level of maturity.
    """

    code: str
    title: DiagnosticLabel


class DiagnosticLevelCount(TypedDict):
    """
    Companies at a level of maturity.
    """

    code: str
    companies: int
    title: str


class DiagnosticLintReport(TypedDict):
    """
    The first thousand findings, errors first, in the language asked.
    """

    errors: int
    findings: list[DiagnosticFindingRead]
    publishable: bool
    warnings: int


class DiagnosticLoss(TypedDict):
    """
    One thing that the other format does not hold, or that was read otherwise than written.

    `pointer` is into the grid; `place` is in the file: a cell, or an element of a form.
    """

    code: str
    detail: str
    place: str | None
    pointer: str


class DiagnosticLossReport(TypedDict):
    """
    What a format does not hold of a version: `complete` when a round trip is the same grid.
    """

    code: str
    complete: bool
    losses: list[DiagnosticLoss]
    total: int
    version: str


class DiagnosticMedianRead(TypedDict):
    """
    The median of a dimension, in whole points of 100, or in points gained.
    """

    code: str
    median: int
    title: str


DiagnosticMilestone: TypeAlias = Literal['confirmed', 'diagnostic_started', 'diagnostic_submitted', 'diagnostic_validated', 'feedback_given', 'roadmap_made', 'roadmap_delivered', 'closing_attended']


class DiagnosticMilestoneCount(TypedDict):
    """
    How many companies have passed a milestone, and for how many it is late.
    """

    code: DiagnosticMilestone
    done: int
    late: int
    title: str


class DiagnosticMilestoneRead(TypedDict):
    """
    A milestone of a company; late is what was due and is not done.
    """

    code: DiagnosticMilestone
    done_at: str | None
    due_at: str
    is_late: bool
    title: str


class DiagnosticMissing(TypedDict):
    """
    A part that a neighbour could not give; the rest stands.
    """

    part: str
    reason: str


class DiagnosticMissingFact(TypedDict):
    """
    A fact that would decide, and the question to put to the company.
    """

    fact: str
    question: str


class DiagnosticMoves(TypedDict):
    """
    Companies that gained a level, kept theirs, or lost one.
    """

    down: int
    same: int
    up: int


class DiagnosticNextQuestionRead(TypedDict):
    """
    The one missing fact that decides most: the aids that any answer settles, or some may.
    """

    fact: str
    kind: Literal['count', 'amount', 'boolean', 'region']
    may_settle: list[str]
    question: str
    settles: list[str]


class DiagnosticObstacle(TypedDict):
    """
    Why the two cannot be compared.
    """

    code: Literal['same_assessment', 'other_organisation', 'other_questionnaire', 'other_scoring', 'void', 'not_submitted', 'incomplete']
    detail: str
    side: Literal['before', 'after', 'both']


class DiagnosticOpportunityHeld(TypedDict):
    """
    Where an aid of yours stands; `version` is its entity tag.
    """

    code: str
    status: Literal['draft', 'published', 'withdrawn']
    updated_at: str
    version: int


class DiagnosticOption(TypedDict):
    """
    A choice; an exclusive one stands alone in a multiple question.
    """

    code: str
    exclusive: NotRequired[bool]
    label: DiagnosticLabel
    points: NotRequired[float]


class DiagnosticOrganisationCreate(TypedDict):
    """
    A company to register; the size band follows from the headcount when that is given.
    """

    benchmark_consent: NotRequired[bool]
    headcount: NotRequired[int | None]
    naf_code: str
    name: str
    postcode: str
    region_code: str
    siren: str
    siret: NotRequired[str | None]
    size_band: NotRequired[Literal['0', '1-9', '10-49', '50-249', '250+'] | None]


class DiagnosticOrganisationErased(TypedDict):
    """
    What was erased; the company is unknown from now on, at every address.
    """

    assessments: int
    erased_at: str
    id: str
    respondents: int


class DiagnosticOrganisationExport(TypedDict):
    """
    Everything kept of one company; the guide `data-protection.md` explains every part.
    """

    exported_at: str
    format: Literal['vigie.organisation-export/1']
    manifest: dict[str, DiagnosticExportedPart]
    organisation_id: str
    parts: dict[str, list[dict[str, Any]]]


class DiagnosticOrganisationRead(TypedDict):
    """
    A company as its tenant sees it.
    """

    benchmark_consent: bool
    consent_at: str | None
    created_at: str
    headcount: int | None
    id: str
    naf_code: str
    name: str
    postcode: str
    region_code: str
    siren: str
    siret: str | None
    size_band: Literal['0', '1-9', '10-49', '50-249', '250+'] | None
    updated_at: str
    version: int


class DiagnosticOrganisationUpdate(TypedDict):
    """
    What to change of a company; a field left out stays, and a SIREN never changes.
    """

    benchmark_consent: NotRequired[bool]
    headcount: NotRequired[int | None]
    naf_code: NotRequired[str]
    name: NotRequired[str]
    postcode: NotRequired[str]
    region_code: NotRequired[str]
    siret: NotRequired[str | None]
    size_band: NotRequired[Literal['0', '1-9', '10-49', '50-249', '250+'] | None]


class DiagnosticPageAssessmentListed(TypedDict):
    items: list[DiagnosticAssessmentListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageAuditEventRead(TypedDict):
    items: list[DiagnosticAuditEventRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageCohortRead(TypedDict):
    items: list[DiagnosticCohortRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageCommentRead(TypedDict):
    items: list[DiagnosticCommentRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageEnrolmentListed(TypedDict):
    items: list[DiagnosticEnrolmentListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageInvitationRead(TypedDict):
    items: list[DiagnosticInvitationRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageOpportunityHeld(TypedDict):
    items: list[DiagnosticOpportunityHeld]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageOrganisationRead(TypedDict):
    items: list[DiagnosticOrganisationRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPart(TypedDict):
    """
    What one question brings to the score and what it leaves, in points out of 100.
    """

    answer: NotRequired[str]
    axis: NotRequired[str]
    backing: NotRequired[Literal['declared', 'document', 'verified'] | None]
    code: NotRequired[str]
    confidence: NotRequired[int | None]
    contribution: float
    contribution_exact: NotRequired[str]
    declared_ratio: NotRequired[float | None]
    dimension: str
    lost: float
    lost_exact: NotRequired[str]
    question: str
    ratio: NotRequired[float]


class DiagnosticPeerLine(TypedDict):
    """
    One's own score beside the middle half of the group; `rank` is the percentile rank.
    """

    median: float
    own: float
    q1: float
    q3: float
    rank: float
    title: str


class DiagnosticPeers(TypedDict):
    """
    Where the company stands, or in words why that may not be shown: then without lines.
    """

    as_of: str | None
    count: int | None
    floor: int
    group: str | None
    lines: NotRequired[list[DiagnosticPeerLine]]
    overall: NotRequired[DiagnosticPeerLine | None]
    reason: NotRequired[str | None]


class DiagnosticPerimeter(TypedDict):
    """
    Where it holds; the regions by INSEE, for no other scale.
    """

    regions: NotRequired[list[str]]
    scale: Literal['europe', 'country', 'region']


class DiagnosticPerimeterRead(TypedDict):
    """
    Where an aid holds; regions by INSEE code.
    """

    regions: list[str]
    scale: Literal['europe', 'country', 'region']


class DiagnosticPlacedFinding(TypedDict):
    """
    A finding of the lint, with where its cause stands in the file.
    """

    code: str
    detail: str
    place: str | None
    pointer: str
    severity: Literal['error', 'warning']


class DiagnosticPlacedReport(TypedDict):
    """
    The lint of an imported grid.
    """

    errors: int
    findings: list[DiagnosticPlacedFinding]
    publishable: bool
    warnings: int


CapacityItem: TypeAlias = int


ExcludeItem: TypeAlias = str


RequireItem: TypeAlias = str


class DiagnosticPlanEffort(TypedDict):
    """
    In the unit of the capacity.
    """

    greedy: int | None
    least: int | None
    total: int


class DiagnosticPlanTarget(TypedDict):
    """
    What was to be reached, and the figure before and after; dimension null: the whole.
    """

    dimension: str | None
    implied: bool
    level: str | None
    now: float | None
    points: float
    then: float | None
    title: str | None


class DiagnosticPlannedAction(TypedDict):
    """
    An action and its quarters: its effort is spread evenly over them.
    """

    begins: str
    code: str
    due_on: str
    effort: int
    ends: str
    quarters: int
    starts_on: str
    title: str


DiagnosticPolarity: TypeAlias = Literal['positive', 'negative']


Ask: TypeAlias = str


Offer: TypeAlias = str


class DiagnosticPoolingJoin(TypedDict):
    """
    Yes to the terms of this version; a list left out follows from the scores, `[]` is none.
    """

    asks: NotRequired[list[Ask] | None]
    most_helped: NotRequired[int]
    offers: NotRequired[list[Offer] | None]
    questionnaire: NotRequired[str]
    terms: Literal['1']


class DiagnosticPoolingRules(TypedDict):
    """
    The published thresholds, in points of the dimension's score.
    """

    asks_below: int
    gap: int
    helps_from: int
    strong_from: int


class DiagnosticPoolingStanding(TypedDict):
    """
    What a company said in this cohort; without `consented_at` it never did.
    """

    asks: list[str] | None
    consented_at: str | None
    is_in: bool
    most_helped: int | None
    offers: list[str] | None
    organisation_id: str
    questionnaire: str | None
    terms: str
    terms_text: str
    version: int
    withdrawn_at: str | None


class DiagnosticPopulationRead(TypedDict):
    """
    Diagnostics that can be compared: the same scoring, at the same milestone.
    """

    milestone: str
    scoring_hash: str


class DiagnosticPrefillRead(TypedDict):
    """
    What was proposed at the start: carried over, or registered; and what was left, and why.
    """

    carried: list[str]
    left: list[DiagnosticLeft]
    registered: list[str]
    to_confirm: list[str]


DiagnosticPresence: TypeAlias = Literal['present', 'absent', 'excused']


class DiagnosticPresenceRead(TypedDict):
    """
    A company with a seat; a null status was not noted.
    """

    name: str
    organisation_id: str
    recorded_at: str | None
    seat_no: int
    status: DiagnosticPresence | None


class DiagnosticPresenceSet(TypedDict):
    """
    Whether a company was there.
    """

    organisation_id: str
    status: DiagnosticPresence


class DiagnosticPresent(TypedDict):
    """
    The diagnostic's own answer.
    """

    state: Literal['answered', 'not_applicable', 'dont_know']
    value: Any
    version: int


class DiagnosticProgrammeCreate(TypedDict):
    """
    A programme under which cohorts run.
    """

    code: str
    title: DiagnosticBilingual


class DiagnosticProgrammeTitle(TypedDict):
    """
    A title as it is stored.
    """

    en: str
    fr: str


class DiagnosticProgress(TypedDict):
    """
    Counted on the questions shown; `missing` blocks the submission.
    """

    answered: int
    missing: list[str]
    share: float
    visible: int


class DiagnosticProgressRead(TypedDict):
    """
    How far a roadmap is today, in Paris; shares are of the effort of what is kept.

    Kept is what was neither rejected nor dropped; late and due are accepted or in progress.
    """

    done: int
    done_share: float | None
    kept: int
    late: int
    next_due_on: str | None
    share: float | None


class DiagnosticProposed(TypedDict):
    """
    What the respondents' answers come to.
    """

    state: Literal['answered', 'not_applicable', 'dont_know']
    value: Any


class DiagnosticQuartilesRead(TypedDict):
    """
    Half of the scores of a group lie from q1 to q3.
    """

    median: float
    q1: float
    q3: float


class DiagnosticQuestionChange(TypedDict):
    """
    How many points of the global score a question brings now, and brought before.
    """

    after: float
    before: float
    code: str
    difference: float
    difference_exact: str
    dimension: str
    label: str


class DiagnosticQuestionRef(TypedDict):
    """
    A question whose answer calls for the action.
    """

    code: str
    label: str


class DiagnosticQuestionState(TypedDict):
    """
    A question to show: `version` is the tag that its next answer sends, "0" when unanswered.
    """

    code: str
    confidence: int | None
    dimension: str | None
    reason: str | None
    required: bool
    state: Literal['answered', 'not_applicable', 'dont_know'] | None
    type: str
    value: Any
    version: int
    visibility: Literal['visible', 'open']


class DiagnosticQuestionnaireSummary(TypedDict):
    """
    A grid and its version that new diagnostics use.
    """

    code: str
    content_hash: str
    owner: str
    published_at: str
    question_count: int
    scoring_hash: str
    title: DiagnosticLabel
    version: str


class DiagnosticReason(TypedDict):
    """
    Why a diagnostic leaves its way; kept with the step, shown with its revision.
    """

    reason: str


class DiagnosticRebuildRead(TypedDict):
    """
    What was looked at anew; whether any figure changed is for nobody to know.
    """

    as_of: str
    looked_at: list[DiagnosticPopulationRead]


class DiagnosticReplayRead(TypedDict):
    """
    Whether the answers kept for a revision still give its frozen score.
    """

    assessment_id: str
    cause: Literal['input_mismatch', 'result_mismatch'] | None
    engine_version: str
    match: bool
    replayed: DiagnosticHashes
    revision: int
    score_id: str
    stored: DiagnosticHashes


class DiagnosticRespondentAnswers(TypedDict):
    """
    What a respondent is asked and has answered; progress counts their sections only.
    """

    hidden: list[str]
    progress: DiagnosticProgress
    questions: list[DiagnosticQuestionState]
    respondent_id: str
    status: Literal['invited', 'active', 'done', 'erased']


Section: TypeAlias = str


class DiagnosticRespondentInvite(TypedDict):
    """
    Who is to answer; without `sections` the whole grid, `weight` counts in the consolidation.
    """

    email: NotRequired[str | None]
    name: str
    role: NotRequired[str | None]
    sections: NotRequired[list[Section] | None]
    weight: NotRequired[int]


class DiagnosticRespondentRead(TypedDict):
    """
    A respondent as their own company sees them; once erased, nothing but a pseudonym.
    """

    assessment_id: str
    created_at: str
    email: str | None
    erased_at: str | None
    id: str
    name: str | None
    pseudonym: str
    role: str | None
    sections: list[str] | None
    status: Literal['invited', 'active', 'done', 'erased']
    version: int
    weight: int


class DiagnosticRespondentUpdate(TypedDict):
    """
    What to change of a respondent; a field left out stays.
    """

    email: NotRequired[str | None]
    name: NotRequired[str]
    role: NotRequired[str | None]
    sections: NotRequired[list[Section] | None]
    weight: NotRequired[int]


class DiagnosticRevisionRead(TypedDict):
    """
    The answers at the end of a revision, rebuilt from every answer ever given.
    """

    answers: list[DiagnosticAnswerThen]
    assessment_id: str
    hidden: list[str]
    revision: int


class DiagnosticRobustness(TypedDict):
    """
    Lowest and highest score when the weights of the dimensions move by a quarter.
    """

    high: float
    level_holds: bool
    low: float


class DiagnosticRobustnessRead(TypedDict):
    """
    The score's range when each dimension's weight moves by a quarter.
    """

    high: float
    level_holds: bool
    low: float


class DiagnosticRow(TypedDict):
    """
    A line of a matrix, answered on the matrix's scale.
    """

    code: str
    label: DiagnosticLabel


class DiagnosticRule(TypedDict):
    """
    A published condition: comparisons of which one is enough, or a condition in CEL.
    """

    any_of: NotRequired[list[DiagnosticComparison]]
    code: str
    condition: NotRequired[str | None]
    label: DiagnosticLabel


class DiagnosticRuleRead(TypedDict):
    """
    A published condition, in its operator's words and in CEL.
    """

    code: str
    condition: str
    label: str


class DiagnosticScale(TypedDict):
    """
    A whole number from 0 to `maximum`; `anchors`, when given, names each of them.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    anchors: NotRequired[list[DiagnosticLabel]]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    maximum: NotRequired[int]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['scale']
    weight: NotRequired[float]


class DiagnosticScoreGroup(TypedDict):
    """
    Where the companies of a group stand.
    """

    companies: int
    department: str | None
    dimensions: list[DiagnosticMedianRead]
    level: Literal['programme', 'department', 'size', 'section']
    levels: list[DiagnosticLevelCount]
    median: int
    section: str | None
    size_band: str | None
    title: str


class DiagnosticScoreProspect(TypedDict):
    """
    The global score today, and as if every action were done.
    """

    after_first: float | None
    now: float | None
    projected: float | None


class DiagnosticScoresRead(TypedDict):
    """
    Scores that can be put together: of one scoring, at one milestone.
    """

    groups: list[DiagnosticScoreGroup]
    milestone: str
    questionnaire: str
    scoring_hash: str


class DiagnosticScoringProfile(TypedDict):
    """
    The published method: its numbers are data, its formulas are in `assessments.scoring`.
    """

    aggregation: NotRequired[Literal['weighted_mean']]
    code: NotRequired[str]
    dk_value: NotRequired[float]
    evidence: NotRequired[DiagnosticEvidenceProfile | None]
    levels: list[DiagnosticLevel]
    min_applicable_share: NotRequired[float]
    non_compensation: NotRequired[bool]
    precision: NotRequired[int]
    rounding: NotRequired[Literal['half_up']]
    thresholds: NotRequired[list[float]]


class DiagnosticSectorGroup(TypedDict):
    """
    A group of companies that is shown: of the sector by size, or all of the region.
    """

    as_of: str
    dimensions: list[DiagnosticDimensionQuartiles]
    k: int
    level: Literal['sector', 'size', 'region', 'programme', 'cohort']
    milestone: str
    n: int
    overall: DiagnosticQuartilesRead
    size_band: str | None
    title: str


class DiagnosticSessionAttendance(TypedDict):
    """
    A session with how many companies were noted on its sheet.
    """

    absent: int
    ends_at: str
    excused: int
    id: str
    kind: str
    not_noted: int
    present: int
    starts_at: str
    status: Literal['planned', 'cancelled']
    title: str


DiagnosticSessionKind: TypeAlias = Literal['kickoff', 'diagnostic', 'feedback', 'roadmap', 'closing', 'other']


class DiagnosticSessionRead(TypedDict):
    """
    A session; its day and hours are meant in `timezone`.
    """

    cohort_id: str
    ends_at: str
    id: str
    kind: DiagnosticSessionKind
    online_url: str | None
    place: str | None
    starts_at: str
    status: Literal['planned', 'cancelled']
    timezone: str
    title: str
    version: int


class DiagnosticSessionUpdate(TypedDict):
    """
    What to change of a session; a field left out stays, null takes away what may be missing.
    """

    ends_at: NotRequired[str]
    online_url: NotRequired[str | None]
    place: NotRequired[str | None]
    starts_at: NotRequired[str]
    title: NotRequired[str | None]


class DiagnosticShareLinkCreate(TypedDict):
    """
    For how long, and in which language: without one, the reader's own.
    """

    days: NotRequired[int]
    language: NotRequired[Literal['fr', 'en'] | None]
    note: NotRequired[str | None]


class DiagnosticShareLinkCreated(TypedDict):
    """
    A new link; `token` is shown this once and stored nowhere.
    """

    assessment_id: str
    created_at: str
    expires_at: str
    handed_out: int
    id: str
    language: Literal['fr', 'en'] | None
    last_handed_out_at: str | None
    note: str | None
    revoked_at: str | None
    state: Literal['active', 'expired', 'revoked']
    token: str


class DiagnosticShareLinkRead(TypedDict):
    """
    A link, its state, and how often a report was handed out by it.
    """

    assessment_id: str
    created_at: str
    expires_at: str
    handed_out: int
    id: str
    language: Literal['fr', 'en'] | None
    last_handed_out_at: str | None
    note: str | None
    revoked_at: str | None
    state: Literal['active', 'expired', 'revoked']


class DiagnosticSheetRead(TypedDict):
    """
    The sheet of a session: of all companies for their facilitator, else of one's own.
    """

    companies: list[DiagnosticPresenceRead]
    session_id: str
    version: int


class DiagnosticSheetSet(TypedDict):
    """
    The whole sheet of a session: a company that is left out was not noted.
    """

    companies: list[DiagnosticPresenceSet]


class DiagnosticSide(TypedDict):
    """
    One of the two diagnostics, at its present revision.
    """

    assessment_id: str
    milestone: str
    questionnaire: DiagnosticGridRef
    revision: int
    status: str
    submitted_at: str | None


class DiagnosticSingle(TypedDict):
    """
    One option; r = (points - lowest) / (highest - lowest).
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    options: list[DiagnosticOption]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['single']
    weight: NotRequired[float]


class DiagnosticSpan(TypedDict):
    """
    A part of a text, in characters from its beginning.
    """

    end: int
    start: int


class DiagnosticSplitLine(TypedDict):
    """
    So many chose this: an option, a step, the number of a band, or a state without value.
    """

    choice: str
    count: int
    row: str | None


DiagnosticStage: TypeAlias = Literal['due_soon', 'due', 'late', 'stalled']


class DiagnosticStandingRead(TypedDict):
    """
    A score among its peers’: half of those lie from q1 to q3, `rank` % below the score.
    """

    median: float
    q1: float
    q3: float
    rank: float
    score: float


class DiagnosticStatisticsDay(TypedDict):
    """
    A day on which figures were published; `?as_of=` reads them.
    """

    as_of: str
    made_at: str


DiagnosticStatus: TypeAlias = Literal['in_progress', 'submitted', 'in_review', 'validated', 'delivered', 'amended', 'abandoned', 'entered_in_error']


class DiagnosticStepRead(TypedDict):
    """
    Something done to the diagnostic, and the state that it led to.
    """

    actor: str
    at: str
    reason: str | None
    status: str
    verb: str


class DiagnosticSteps(TypedDict):
    """
    How many companies took each step of the way.
    """

    acting: int
    diagnosed: int
    done: int
    enrolled: int
    planned: int
    remeasured: int


class DiagnosticSummaryAction(TypedDict):
    """
    One of the first five actions, with the numbers of its certifications.
    """

    certifications: list[str]
    code: str
    effort: str
    funding: list[str]
    gain: float
    impact: int
    position: int
    quadrant: str
    status: str
    title: str


class DiagnosticSummaryCompany(TypedDict):
    """
    Who it is.
    """

    headcount: int | None
    id: str
    naf_code: str
    name: str
    postcode: str
    region_code: str
    siren: str
    size_band: str | None


class DiagnosticSummaryDimension(TypedDict):
    """
    An axis and its final score; null when it was not assessable.
    """

    code: str
    level: str | None
    score: float | None
    title: str


class DiagnosticSummaryLevel(TypedDict):
    """
    A level and its name.
    """

    code: str
    title: str


class DiagnosticSummarySeat(TypedDict):
    """
    Its seat in a cohort, or its rank in the waiting list.
    """

    cohort: str
    cohort_id: str
    ends_on: str
    enrolment_id: str
    facilitator: str
    rank: int | None
    seat_no: int | None
    starts_on: str
    status: str
    title: str


class DiagnosticTarget(TypedDict):
    """
    Where to be on a dimension: a score out of 100, or a level of the grid's profile.
    """

    level: NotRequired[str | None]
    score: NotRequired[float | None]


class DiagnosticTargetGap(TypedDict):
    """
    A target and the points still missing; `points` is the least score that reaches it.
    """

    dimension: str
    gap: float | None
    level: str | None
    points: float
    present: float | None
    score: float | None
    title: str


class DiagnosticTargetsRead(TypedDict):
    """
    The targets of a diagnostic, in the order of its grid; `version` is their entity tag.
    """

    assessment_id: str
    dimensions: list[DiagnosticTargetGap]
    version: int


class DiagnosticTargetsWrite(TypedDict):
    """
    The targets of all dimensions that have one; a dimension left out has none.
    """

    dimensions: dict[str, DiagnosticTarget]


class DiagnosticUncounted(TypedDict):
    """
    A question that does not enter the score, and why; `note` is the reason that was given.
    """

    code: str
    dimension: str
    note: NotRequired[str | None]
    question: str
    why: Literal['not_applicable', 'hidden', 'excluded']


Recommendation: TypeAlias = str


class DiagnosticWhatIf(TypedDict):
    """
    Answers as they might be, and actions as if they were done, both or either.
    """

    answers: NotRequired[dict[str, DiagnosticAnswerWrite]]
    recommendations: NotRequired[list[Recommendation]]


class DiagnosticWordCorrected(TypedDict):
    """
    A word that no name has, and what was looked for instead.
    """

    instead: str
    word: str


class DiagnosticdiagnosticCrosswalksSchemasDimensionRead(TypedDict):
    """
    An axis of the other method: the mean of the items that are told, out of 100.
    """

    code: str
    coverage: float
    exact: str | None
    items: list[DiagnosticItemRead]
    score: float | None
    title: str


class DiagnosticdiagnosticHeatMapsSchemasLevelRead(TypedDict):
    """
    A level of maturity, from the lowest to the highest.
    """

    code: str
    title: str


class DiagnosticdiagnosticOpportunitiesSchemasVersionListed(TypedDict):
    """
    A version that was public from this instant on; equal hashes are equal contents.
    """

    content_hash: str
    published_at: str
    version: int


class DiagnosticdiagnosticPoolingSchemasDimensionRead(TypedDict):
    """
    A dimension of the grid by which the companies are matched.
    """

    code: str
    questionnaire: str
    title: str


class DiagnosticdiagnosticQuestionnairesSchemasVersionListed(TypedDict):
    """
    A version of a grid and where it stands; one never published has no `published_at`.
    """

    code: str
    content_hash: str
    created_at: str
    edited_at: str | None
    published_at: str | None
    question_count: int
    scoring_hash: str
    status: Literal['draft', 'in_review', 'published', 'superseded', 'retired']
    version: str


class DiagnosticdiagnosticScoresSchemasLevelRead(TypedDict):
    """
    A level of maturity and its name in the language asked.
    """

    code: str
    title: str


class DiagnosticplatformkitPaginationPageVersionListed1(TypedDict):
    items: list[DiagnosticdiagnosticQuestionnairesSchemasVersionListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticplatformkitPaginationPageVersionListed2(TypedDict):
    items: list[DiagnosticdiagnosticOpportunitiesSchemasVersionListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class GatewayAttemptRead(TypedDict):
    """
    An attempt: the status that came back, or what hindered it.
    """

    answer: str | None
    at: str
    failure: str | None
    milliseconds: int
    number: int
    status: int | None


class GatewayChange(TypedDict):
    """
    One change; for `deleted` the payload says why and what replaces it.
    """

    at: str
    entity: str
    entity_id: str
    kind: Literal['created', 'updated', 'deleted']
    payload: dict[str, Any]
    version: int


class GatewayChanges(TypedDict):
    """
    A page of the feed; `next` is always given: ask again with it, now or later.
    """

    items: list[GatewayChange]
    more: bool
    next: str


class GatewayDeliveryRead(TypedDict):
    """
    An event for a webhook; `last` is the attempt that ended last.
    """

    attempts: int
    created_at: str
    ended_at: str | None
    event: str
    id: int
    last: GatewayAttemptRead | None
    next_at: str | None
    position: int | None
    state: Literal['pending', 'delivered', 'dead']
    type: str


class GatewayDeliveryWhole(TypedDict):
    """
    A delivery with all its attempts, and what is sent.
    """

    attempts: int
    body: dict[str, Any]
    created_at: str
    ended_at: str | None
    event: str
    id: int
    last: GatewayAttemptRead | None
    log: list[GatewayAttemptRead]
    next_at: str | None
    position: int | None
    state: Literal['pending', 'delivered', 'dead']
    type: str


class GatewayFoundRead(TypedDict):
    """
    One hit, in the language asked; `data` is what its service says of it beside its name.
    """

    code: str
    data: dict[str, Any]
    href: str
    kind: Literal['jobs', 'certifications', 'offers', 'sectors', 'territories', 'indicators', 'opportunities']
    match: Literal['exact', 'all', 'some']
    rank: int
    score: float
    title: str


class GatewayGapRead(TypedDict):
    """
    A part that is missing, and whether asking again may help.
    """

    part: str
    reason: str
    retry_after: int | None
    status: int | None


class GatewayInstanceRead(TypedDict):
    """
    One process of a service, as the door sees it.
    """

    address: str
    back_in: float
    connections: int
    failures: int
    in_use: int
    state: Literal['closed', 'open', 'half-open']
    waiting: int


class GatewayIntrospectionRead(TypedDict):
    """
    RFC 7662 §2.2; all but `active` is there for an active token only.
    """

    active: bool
    aud: NotRequired[str | None]
    client_id: NotRequired[str | None]
    cnf: NotRequired[dict[str, str] | None]
    exp: NotRequired[int | None]
    iat: NotRequired[int | None]
    iss: NotRequired[str | None]
    jti: NotRequired[str | None]
    organisation: NotRequired[str | None]
    roles: NotRequired[list[str] | None]
    scope: NotRequired[str | None]
    sub: NotRequired[str | None]
    token_type: NotRequired[Literal['Bearer', 'DPoP'] | None]


class GatewayJwksRead(TypedDict):
    """
    RFC 7517 key set.
    """

    keys: list[dict[str, str]]


class GatewayKeyMade(TypedDict):
    """
    The only answer that shows a key whole.
    """

    id: str
    key: str


class GatewayKeyRead(TypedDict):
    """
    What can be known of a key after it was made.
    """

    created_at: str
    expires_at: str | None
    hint: str
    id: str
    kind: Literal['publishable', 'secret']
    origins: list[str]
    revoked_at: str | None
    used_at: str | None


class GatewayMetadataRead(TypedDict):
    """
    RFC 8414 authorisation server metadata.
    """

    authorization_endpoint: str
    authorization_response_iss_parameter_supported: bool
    code_challenge_methods_supported: list[str]
    dpop_signing_alg_values_supported: list[str]
    end_session_endpoint: str
    grant_types_supported: list[str]
    introspection_endpoint: str
    introspection_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_signing_alg_values_supported: list[str]
    issuer: str
    jwks_uri: str
    response_modes_supported: list[str]
    response_types_supported: list[str]
    revocation_endpoint: str
    revocation_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_signing_alg_values_supported: list[str]
    scopes_supported: list[str]
    service_documentation: str
    token_endpoint: str
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    vigie_issuers: list[str]


Origin: TypeAlias = str


class GatewayNewKey(TypedDict):
    """
    A key to make; with origins it is publishable, for pages, without it is for back ends.
    """

    expires_at: NotRequired[str | None]
    origins: NotRequired[list[Origin]]


Event: TypeAlias = str


class GatewayNewWebhook(TypedDict):
    """
    An address to be told what changes; without `after` it begins with the next change.
    """

    after: NotRequired[int | None]
    description: NotRequired[str]
    events: list[Event]
    url: str


class GatewayPageDeliveryRead(TypedDict):
    items: list[GatewayDeliveryRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class GatewayPageKeyRead(TypedDict):
    items: list[GatewayKeyRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class GatewayPartRead(TypedDict):
    """
    What a service answered, as it answered it.
    """

    as_of: str
    basis: Literal['subject', 'region']
    data: dict[str, Any]
    href: str
    source: str


class GatewayRange(TypedDict):
    """
    The part of the log to send again: after one position, up to another or the end.
    """

    after: int
    until: NotRequired[int | None]


class GatewayReplayed(TypedDict):
    """
    How many events will be sent again; with `more`, ask again from `position` on.
    """

    events: int
    more: bool
    position: int


class GatewayRotation(TypedDict):
    """
    How long the secret before the new one signs too.
    """

    former_hours: NotRequired[int]


class GatewaySecretMade(TypedDict):
    """
    The one answer that shows the new secret.
    """

    second_secret_until: str
    secret: str


class GatewaySectorOverview(TypedDict):
    """
    A sector: exposure, exposed jobs, companies compared, certifications, open calls.
    """

    benchmark: NotRequired[GatewayPartRead | None]
    calls: NotRequired[GatewayPartRead | None]
    certifications: NotRequired[GatewayPartRead | None]
    exposure: NotRequired[GatewayPartRead | None]
    range: NotRequired[GatewayPartRead | None]
    unavailable: list[GatewayGapRead]


class GatewayTerritoryOverview(TypedDict):
    """
    A territory: exposure, training offered there, cohorts, what the indicators say of it.
    """

    cohorts: NotRequired[GatewayPartRead | None]
    exposure: NotRequired[GatewayPartRead | None]
    indicators: NotRequired[GatewayPartRead | None]
    offers: NotRequired[GatewayPartRead | None]
    range: NotRequired[GatewayPartRead | None]
    unavailable: list[GatewayGapRead]


class GatewayTokenError(TypedDict):
    """
    RFC 6749 §5.2: OAuth clients know this form, not RFC 9457.
    """

    error: str
    error_description: str


class GatewayTokenRead(TypedDict):
    """
    RFC 6749 §5.1.
    """

    access_token: str
    expires_in: int
    issued_token_type: NotRequired[str | None]
    scope: str
    token_type: Literal['Bearer', 'DPoP']


class GatewayUpstreamRead(TypedDict):
    """
    One service: whether it is asked, and what it cost.
    """

    back_in: float
    ejections: int
    failures: int
    instances: list[GatewayInstanceRead]
    openings: int
    retries: int
    retries_left: int
    service: str
    state: Literal['closed', 'open', 'half-open']


class GatewayWebhookChange(TypedDict):
    """
    What to change of a webhook; what is left out stays.
    """

    after: NotRequired[int | None]
    description: NotRequired[str | None]
    events: NotRequired[list[Event] | None]
    status: NotRequired[Literal['active', 'paused'] | None]
    url: NotRequired[str | None]


class GatewayWebhookMade(TypedDict):
    """
    The one answer that shows the secret of a new webhook.
    """

    accepted_at: str | None
    changed_at: str
    client_id: str
    created_at: str
    description: str
    events: list[str]
    failing_since: str | None
    held_until: str | None
    id: str
    position: int
    reason: str | None
    second_secret_until: str | None
    secret: str
    status: Literal['active', 'paused', 'disabled']
    url: str


class GatewayWebhookRead(TypedDict):
    """
    A webhook; its secret is not shown again.
    """

    accepted_at: str | None
    changed_at: str
    client_id: str
    created_at: str
    description: str
    events: list[str]
    failing_since: str | None
    held_until: str | None
    id: str
    position: int
    reason: str | None
    second_secret_until: str | None
    status: Literal['active', 'paused', 'disabled']
    url: str


class GatewayWordCorrected(TypedDict):
    """
    A word that no name has, and what was looked for instead.
    """

    instead: str
    word: str


class ObservatoryAbsence(TypedDict):
    """
    Why a section says nothing; `since` is when a neighbour was first found away.
    """

    reason: str
    since: str | None


class ObservatoryAggregateGroup(TypedDict):
    """
    The aggregate of one combination of codes.
    """

    key: dict[str, str]
    missing: int
    n: int
    suppressed: int | None
    value: float | None


class ObservatoryAllowanceRead(TypedDict):
    """
    A line that the funder pays for.
    """

    ceiling: str | None
    committed: str
    line: str


class ObservatoryAllowanceWrite(TypedDict):
    """
    A line that the money may be spent on; null is no ceiling but the contribution.
    """

    ceiling: NotRequired[str | None]
    line: str


class ObservatoryAreaFigure(TypedDict):
    """
    What an area brings to a cell; nothing where it hides it, or does not count now.
    """

    area: str
    denominator: float | None
    numerator: float | None
    se: float | None
    state: Literal['shown', 'hidden', 'left-out']


class ObservatoryAsked(TypedDict):
    """
    The areas whose nodes will be asked at once.
    """

    areas: list[str]


class ObservatoryAttributeRead(TypedDict):
    """
    An attribute of a dataflow.
    """

    id: str
    level: str
    name: str


class ObservatoryBacktestRead(TypedDict):
    """
    How the alerts fared as of a quarter; precision is null as long as none is due.

    Recall is of the terms that have emerged and lasted, null as long as there is none.
    """

    alerts: int
    decided: int
    emerged: int
    kind: Literal['skill', 'job']
    lasting: int
    lead_quarters: float | None
    precision: float | None
    quarter: str
    reading: str
    recall: float | None
    recalled: int
    rule: str
    source: str


ObservatoryBand: TypeAlias = Literal['very_low', 'low', 'middle', 'high', 'very_high']


class ObservatoryBasis(TypedDict):
    """
    What the figures are really about; `exact` is false when it is not what was asked.
    """

    code: str
    exact: bool
    kind: str
    label: str
    reason: str


class ObservatoryBilingual(TypedDict):
    """
    A text in French and English.
    """

    en: str
    fr: str


class ObservatoryBound(TypedDict):
    """
    A class and the place where it begins.
    """

    at_least: int
    code: ObservatoryBand
    label: str


class ObservatoryBudget(TypedDict):
    """
    What the doubt about the place by the first headline method is made of; parts sum to one.
    """

    crosswalk: float
    index: float
    scores: float
    se_total: float
    se_within: float
    weights: float


class ObservatoryBulkRead(TypedDict):
    """
    The whole of the newest release as one Parquet file.
    """

    bytes: int | None
    path: str
    sha256: str | None


class ObservatoryCellPosition(TypedDict):
    """
    What of a funder's money went to a line.
    """

    committed: str
    funder: str
    line: str
    paid: str


class ObservatoryCertificateRead(TypedDict):
    """
    A conformance report as it was received.
    """

    document: dict[str, Any]
    received_at: str
    sha256: str
    verifies: bool


class ObservatoryChange(TypedDict):
    """
    One change; for `deleted` the payload says why and what replaces it.
    """

    at: str
    entity: str
    entity_id: str
    kind: Literal['created', 'updated', 'deleted']
    payload: dict[str, Any]
    version: int


class ObservatoryChanges(TypedDict):
    """
    A page of the feed; `next` is always given: ask again with it, now or later.
    """

    items: list[ObservatoryChange]
    more: bool
    next: str


class ObservatoryClassShare(TypedDict):
    """
    Share of jobs or hires in a class.
    """

    code: ObservatoryBand
    label: str
    share: float


class ObservatoryCodeRead(TypedDict):
    """
    A code of a code list.
    """

    id: str
    name: str
    parent: str | None


class ObservatoryComparison(TypedDict):
    """
    The same figures for the country, and the difference with its standard error.
    """

    code: str
    difference: float
    difference_se: float
    exposed_share: float
    label: str
    mean: float


class ObservatoryConversionRead(TypedDict):
    """
    The table that figures were converted by.
    """

    basis: str | None
    dimension: str
    estimated: int
    hidden: int
    source: str
    table: str
    target: str


class ObservatoryCounts(TypedDict):
    """
    Cells of a run, those that are published nowhere too; `exposed` must be 0.
    """

    audited: int
    cells: int
    difference: int
    dominance: int
    exposed: int
    frequency: int
    secondary: int


class ObservatoryDateRead(TypedDict):
    """
    An instant that was announced; null is the cancellation.
    """

    reason: ObservatoryBilingual | None
    recorded_at: str
    scheduled_at: str | None


ObservatoryDecision: TypeAlias = Literal['confirm', 'map', 'reject']


EvidenceItem: TypeAlias = str


class ObservatoryDecisionRequest(TypedDict):
    """
    What a person decides, why, and on what.
    """

    decision: ObservatoryDecision
    evidence: list[EvidenceItem]
    reason: str
    target: NotRequired[str | None]


class ObservatoryDeprecationRead(TypedDict):
    """
    A deprecation, with the URN of the artefact.
    """

    at: str
    reason: str
    replacement: str | None
    urn: str


class ObservatoryDimensionRead(TypedDict):
    """
    A dimension of a dataflow, in the order of the key.
    """

    codelist: str
    id: str
    name: str


Part: TypeAlias = str


class ObservatoryDivision(TypedDict):
    """
    Another way in which codes of a dimension add up, beside the parents of its code list.
    """

    dimension: str
    id: str
    parts: dict[str, list[Part]]


class ObservatoryEdition(TypedDict):
    """
    The release that the newest figures are of.
    """

    days_after: int | None
    first_period: str | None
    last_period: str | None
    notes: str
    observations: int | None
    ordinal: int
    published_at: str
    reason: str
    series: int | None
    sha256: str | None
    state: str


class ObservatoryEffects(TypedDict):
    """
    Parts of a change; they sum to it exactly (to 1e-9).
    """

    boundary: float
    revision: float
    score: float
    structure: float


class ObservatoryEventRead(TypedDict):
    """
    An event today (Europe/Paris).
    """

    held_on: str
    id: str
    kind: Literal['steering_committee', 'launch', 'workshop', 'publication', 'other']
    link: str | None
    state: Literal['planned', 'held', 'cancelled']
    title: ObservatoryBilingual
    version: int


class ObservatoryFacet(TypedDict):
    """
    How many hits of a kind are of a level.
    """

    level: str
    total: int


ObservatoryFamily: TypeAlias = Literal['ads', 'survey', 'needs']


class ObservatoryFamilyExposure(TypedDict):
    """
    A job family of a territory; contributions sum to the difference with the country.
    """

    code: str
    contribution: float
    exposed_share: float
    jobs: int
    label: str
    mean: float
    share: float


class ObservatoryFamilyExposures(TypedDict):
    """
    A page of families, most exposed first.
    """

    basis: ObservatoryBasis
    items: list[ObservatoryFamilyExposure]
    next: NotRequired[str | None]
    territory: str
    total: NotRequired[int | None]


class ObservatoryFamilyShift(TypedDict):
    """
    Growth of a family in a territory (Dunn 1960): the three parts sum to it exactly.
    """

    after: float
    before: float
    code: str
    label: str
    local: float
    mix: float
    national: float


class ObservatoryFigureRelease(TypedDict):
    """
    The release that brought a figure.
    """

    method: str
    ordinal: int
    published_at: str


class ObservatoryFileRead(TypedDict):
    """
    An official file: its name, and its bytes.
    """

    name: str
    sha256: str


class ObservatoryFollowedRead(TypedDict):
    """
    How fresh the indicators of one feed are.
    """

    changes: int
    current_at: str | None
    source: str
    state: Literal['current', 'late', 'rebuilding', 'never']


class ObservatoryFunderPosition(TypedDict):
    """
    Of a funder; planned is its contribution.
    """

    committed: str
    committed_ratio: float | None
    funder: str
    kind: str
    left: str
    name: str
    paid: str
    paid_ratio: float | None
    planned: str


class ObservatoryFunderRead(TypedDict):
    """
    A funder, its contribution, and its balances now.
    """

    code: str
    committed: str
    contribution: str
    kind: Literal['state', 'region', 'opco', 'employers', 'european', 'local_authority', 'private', 'other']
    may_fund: list[ObservatoryAllowanceRead]
    name: ObservatoryBilingual
    paid: str
    version: int


ObservatoryGrade: TypeAlias = Literal['not_exposed', 'minimal', 'gradient_1', 'gradient_2', 'gradient_3', 'gradient_4']


class ObservatoryGradeRead(TypedDict):
    """
    A class of exposure.
    """

    code: ObservatoryGrade
    label: str


class ObservatoryGradeShare(TypedDict):
    """
    Share of jobs or hires in a class.
    """

    code: ObservatoryGrade
    label: str
    share: float


class ObservatoryGroupEffect(TypedDict):
    """
    What one group adds.
    """

    code: str
    label: str
    score: float
    structure: float


class ObservatoryInput(TypedDict):
    """
    The score of a unit group, where it was carried from, and its place (0 to 1).
    """

    linked: dict[str, float | None]
    native: float
    place: float


class ObservatoryInterval(TypedDict):
    """
    Confidence interval at 95 %.
    """

    high: float
    low: float


class ObservatoryJobRead(TypedDict):
    """
    A ROME 4.0 job; ROME has French labels only.
    """

    basis: str
    code: str
    label: str
    occupation: str
    occupation_label: str


ObservatoryKind: TypeAlias = Literal['jobs', 'sectors', 'territories']


Dataflow: TypeAlias = str


class ObservatoryKitReference(TypedDict):
    """
    A version of a kit; `sha256` is that of its manifest, and with it of every file.
    """

    agency: str
    sha256: str
    version: str


class ObservatoryLabelled(TypedDict):
    """
    A code and how people call it.
    """

    code: str
    label: str


class ObservatoryLevelRead(TypedDict):
    """
    A level with its place, 0 the lowest.
    """

    id: str
    name: str
    place: int


class ObservatoryLinePosition(TypedDict):
    """
    Of a budget line; planned is the sum of its plan.
    """

    committed: str
    committed_ratio: float | None
    left: str
    line: str
    name: str
    paid: str
    paid_ratio: float | None
    planned: str


class ObservatoryLinkRead(TypedDict):
    """
    A short address, and what it leads to; both are relative to that of the link itself.
    """

    address: str
    created_at: str
    form: Literal['data.csv', 'data.json', 'data.xlsx', 'data.parquet', 'data.arrow', 'data.jsonstat', 'chart.json', 'chart.svg', 'chart.png', 'provenance']
    id: str
    indicator: str
    leads_to: str
    release: int | None


class ObservatoryListed(TypedDict):
    """
    Short form of what is cited.
    """

    agency: str
    id: str
    indicators: list[str]
    name: str
    state: Literal['draft', 'published', 'deprecated']
    urn: str
    version: str


class ObservatoryListing(TypedDict):
    """
    A page of what is cited, by agency, id and version.
    """

    items: list[ObservatoryListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryLoadedRead(TypedDict):
    """
    What a file has brought.
    """

    quarters: list[str]
    silent: list[str]
    steps: dict[ObservatoryState, int]
    terms: int


class ObservatoryMapping(TypedDict):
    """
    A part of a source code that goes to a target code.
    """

    source: str
    target: str
    weight: float


class ObservatoryMethodShown(TypedDict):
    """
    How the figure was made.
    """

    address: str | None
    formula: str | None
    name: str


class ObservatoryMilestoneReach(TypedDict):
    """
    When it was reached, and where that is to be seen.
    """

    evidence: str
    reached_on: str


class ObservatoryMilestoneRead(TypedDict):
    """
    A milestone today (Europe/Paris).
    """

    code: str
    days_late: int
    due_on: str
    evidence: str | None
    first_due_on: str
    reached_on: str | None
    state: Literal['planned', 'late', 'reached']
    title: ObservatoryBilingual
    version: int


class ObservatoryNames(TypedDict):
    """
    A text in French and English.
    """

    en: str
    fr: str


class ObservatoryNearestRead(TypedDict):
    """
    The known label that is most like it; 1 is the same words.
    """

    code: str
    label: str
    similarity: float


class ObservatoryNodeRead(TypedDict):
    """
    A node, and whether its figures may be used.
    """

    agency: str
    answered: int | None
    base_url: str
    certificate: str | None
    is_active: bool
    key_id: str
    methods: dict[str, str]
    name: str
    public_key: str
    region: str
    standing: Literal['certified', 'uncertified', 'inactive']
    version: int


class ObservatoryNodeWrite(TypedDict):
    """
    An installation whose figures may enter national ones.
    """

    base_url: str
    is_active: NotRequired[bool]
    name: ObservatoryNames
    public_key: str
    region: str


class ObservatoryOccupationRead(TypedDict):
    """
    An ISCO-08 unit group that the figure comes from, with its weight in it.
    """

    code: str
    label: str
    mean: float
    sd: float
    tasks: int
    weight: float


ObservatoryOutcome: TypeAlias = Literal['shown', 'hidden', 'withheld']


class ObservatoryPageBacktestRead(TypedDict):
    items: list[ObservatoryBacktestRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageCertificateRead(TypedDict):
    items: list[ObservatoryCertificateRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageCodeRead(TypedDict):
    items: list[ObservatoryCodeRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageEventRead(TypedDict):
    items: list[ObservatoryEventRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageJobRead(TypedDict):
    items: list[ObservatoryJobRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageMilestoneRead(TypedDict):
    items: list[ObservatoryMilestoneRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageNodeRead(TypedDict):
    items: list[ObservatoryNodeRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPartInput(TypedDict):
    """
    An area of the country, who publishes for it, and what it weighs in the coverage.
    """

    agency: str | None
    area: str
    weight: float


class ObservatoryPartRead(TypedDict):
    """
    A figure as it was published, and how much of it goes in.
    """

    code: str
    value: float | None
    weight: float


class ObservatoryPayee(TypedDict):
    """
    An organisation that is to be paid; a sole trader's name is a person's, so it has none here.

    A name begins with a letter or a digit: no spreadsheet takes it for a formula.
    """

    kind: Literal['public_body', 'association', 'company', 'sole_trader']
    name: NotRequired[str | None]
    siren: str


class ObservatoryPayeeRead(TypedDict):
    """
    Who is paid.
    """

    kind: Literal['public_body', 'association', 'company', 'sole_trader']
    name: str | None
    siren: str


class ObservatoryPaymentDraft(TypedDict):
    """
    Money paid against a commitment.
    """

    amount: str
    dated_on: str
    reason: str


class ObservatoryPlace(TypedDict):
    """
    Which region a node is of, and where it is reached: what its certificate says.
    """

    base_url: str
    region: str


class ObservatoryPlaceRange(TypedDict):
    """
    A 95 % interval on the frozen scale.
    """

    high: int
    low: int


class ObservatoryPointRead(TypedDict):
    """
    One quarter; `share` is of all ads of the source, null where it is silent.
    """

    count: int
    employers: int | None
    hidden: int
    largest_employer: float | None
    quarter: str
    share: float | None
    total: int | None


class ObservatoryPosition(TypedDict):
    """
    Four amounts of the same thing, and two ratios of totals.
    """

    committed: str
    committed_ratio: float | None
    left: str
    paid: str
    paid_ratio: float | None
    planned: str


class ObservatoryProgrammeChange(TypedDict):
    """
    What may change of a programme.
    """

    budget: str
    ends_on: str
    region: str
    starts_on: str
    title: ObservatoryNames


class ObservatoryProgrammeDraft(TypedDict):
    """
    A programme to be steered.
    """

    budget: str
    code: str
    ends_on: str
    region: str
    starts_on: str
    title: ObservatoryNames


class ObservatoryProgrammeRead(TypedDict):
    """
    A programme; `version` is what `If-Match` wants.
    """

    budget: str
    code: str
    ends_on: str
    region: str
    starts_on: str
    title: ObservatoryBilingual
    version: int


class ObservatoryProtection(TypedDict):
    """
    Data of units that must not be told apart: no release without disclosure control.

    `figures` names, by dimension, the codes whose values are sums over units; the others (means,
    shares) are hidden with them. Cells of a `known` code are published by others, and cannot be
    hidden.
    """

    adds_up_in_time: NotRequired[bool]
    divisions: NotRequired[list[ObservatoryDivision]]
    figures: NotRequired[dict[str, list[str]]]
    known: NotRequired[dict[str, list[str]]]
    rounding: NotRequired[float]
    source: Literal['enterprises', 'tax']


class ObservatoryPublicEntry(TypedDict):
    """
    An entry of the ledger as everybody may read it.
    """

    amount: str
    commitment: str | None
    dated_on: str
    funder: str
    id: str
    kind: Literal['commitment', 'payment', 'commitment_reversal', 'payment_reversal']
    line: str
    number: int
    payee: ObservatoryPayeeRead | None
    reverses: str | None


class ObservatoryPublication(TypedDict):
    """
    When a release is to be seen; now, unless said otherwise.
    """

    at: NotRequired[str | None]


class ObservatoryPublished(TypedDict):
    """
    What became of each artefact, by its URN.
    """

    created: list[str]
    unchanged: list[str]
    updated: list[str]


class ObservatoryPunctuality(TypedDict):
    """
    Days between what was announced and what was done (Europe/Paris); positive is late.
    """

    days: int
    days_from_first: int


class ObservatoryQuarterPosition(TypedDict):
    """
    Of a quarter, by the days of the entries; corrections count when they are made.
    """

    committed: str
    committed_ratio: float | None
    left: str
    paid: str
    paid_ratio: float | None
    planned: str
    quarter: str


class ObservatoryQuestion(TypedDict):
    """
    The query parameters of the address; `where` are those written `c[…]`.
    """

    asOf: NotRequired[str | None]
    by: NotRequired[str | None]
    endPeriod: NotRequired[str | None]
    firstN: NotRequired[int | None]
    gapfill: NotRequired[bool | None]
    includeHistory: NotRequired[bool | None]
    initial: NotRequired[bool | None]
    labels: NotRequired[Literal['id', 'name', 'both', 'split'] | None]
    lang: NotRequired[Literal['fr', 'en'] | None]
    lastN: NotRequired[int | None]
    limit: NotRequired[int | None]
    mrnev: NotRequired[int | None]
    profile: NotRequired[Literal['excel-fr'] | None]
    reading: NotRequired[bool | None]
    scale: NotRequired[float | None]
    startPeriod: NotRequired[str | None]
    updatedAfter: NotRequired[str | None]
    where: NotRequired[dict[str, str]]
    width: NotRequired[int | None]


class ObservatoryRangeRead(TypedDict):
    """
    A closed interval of the scale.
    """

    high: float
    low: float


class ObservatoryReader(TypedDict):
    """
    A key or a grid that reads the indicator.
    """

    name: str
    urn: str


Indicator: TypeAlias = str


class ObservatoryRebuilding(TypedDict):
    """
    The feeds that will be read again from their beginning.
    """

    sources: list[str]


class ObservatoryReference(TypedDict):
    """
    A text that thresholds or sentences rest on.
    """

    citation: str
    licence: NotRequired[str | None]
    url: NotRequired[str | None]


class ObservatoryResult(TypedDict):
    """
    What a method makes of an input.
    """

    method: str
    output: dict[str, Any]
    version: str


class ObservatoryReversalDraft(TypedDict):
    """
    What is taken back of an entry, all or part; the entry itself stays.
    """

    amount: str
    dated_on: str
    reason: str


class ObservatoryRollUpWriteInput(TypedDict):
    """
    How the figures of regions make those of the country.
    """

    area: str
    dataflow: str
    dimension: NotRequired[str]
    errors: Literal['independent', 'shared']
    least_coverage: float
    method: str
    method_version: str
    name: ObservatoryNames
    parts: list[ObservatoryPartInput]
    silent_after_hours: NotRequired[int]
    source: str


class ObservatoryRounded(TypedDict):
    """
    How a value is rounded before it is compared with the bounds; half up is away from zero.
    """

    decimals: int
    mode: NotRequired[Literal['half_up', 'down']]


ObservatoryScale: TypeAlias = Literal['place', 'native']


class ObservatorySectionRead(TypedDict):
    """
    A section of the sheet.
    """

    id: Literal['CONTACT', 'DATA_DESCR', 'CLASS_SYSTEM', 'COVERAGE_SECTOR', 'STAT_CONC_DEF', 'STAT_UNIT', 'STAT_POP', 'REF_AREA', 'COVERAGE_TIME', 'BASE_PER', 'UNIT_MEASURE', 'REF_PERIOD', 'INST_MANDATE', 'CONF', 'REL_POLICY', 'FREQ_DISS', 'ACCESSIBILITY_CLARITY', 'QUALITY_MGMNT', 'RELEVANCE', 'ACCURACY', 'SAMPLING_ERR', 'NONSAMPLING_ERR', 'TIMELINESS_PUNCT', 'COHER_COMPAR', 'COMPAR_GEO', 'COMPAR_TIME', 'COHER_X_DOM', 'COST_BURDEN', 'DATA_REV', 'STAT_PROCESS', 'SOURCE_TYPE', 'COLL_METHOD', 'DATA_VALIDATION', 'DATA_COMP', 'ADJUSTMENT', 'COMMENT_DSET']
    name: str
    text: str


ObservatorySectorJob = TypedDict(
    'ObservatorySectorJob',
    {
        'class': ObservatoryGradeRead | None,
        'code': str,
        'label': str,
        'mean': float,
        'weight': float,
    },
)


class ObservatorySectorRead(TypedDict):
    """
    A section, division or sub-class of NAF rev. 2.
    """

    code: str
    label: str
    level: str
    parent: str | None


class ObservatoryShareRange(TypedDict):
    """
    A range of a share.
    """

    high: float
    low: float


Topic: TypeAlias = str


class ObservatorySignalRead(TypedDict):
    """
    A skill or a job that is or was asked for more and more.
    """

    code: str
    id: int
    kind: Literal['skill', 'job']
    label: str
    mapped_to: str | None
    nearest: ObservatoryNearestRead | None
    since: str | None
    source: str
    state: ObservatoryLabelled
    updated_at: str
    version: int


class ObservatorySkillsRead(TypedDict):
    """
    Skills of ROME v3, by their French labels: what both jobs want, and what is new.
    """

    shared: int
    to_gain: list[str]


class ObservatorySourceNote(TypedDict):
    """
    What is known of a source beside what releases tell: addresses and dates (OWID Origin).
    """

    attribution: str
    date_accessed: NotRequired[str | None]
    date_published: NotRequired[str | None]
    table: str
    url_download: NotRequired[str | None]
    url_main: NotRequired[str | None]


class ObservatoryStanding(TypedDict):
    """
    Where a programme's money stands: all sums are of the ledger, to the cent.
    """

    budget: str
    cells: list[ObservatoryCellPosition]
    contributed: str
    currency: str
    ends_on: str
    funders: list[ObservatoryFunderPosition]
    last_entry_at: str | None
    licence: str
    lines: list[ObservatoryLinePosition]
    programme: str
    quarters: list[ObservatoryQuarterPosition]
    reading: str
    starts_on: str
    title: str
    total: ObservatoryPosition


ObservatoryState: TypeAlias = Literal['candidate', 'watch', 'confirmed', 'mapped', 'faded', 'rejected']


class ObservatoryStepRead(TypedDict):
    """
    One step: who, why, on what evidence. `counts` is the reason of those that figures make.
    """

    at: str
    evidence: dict[str, Any]
    organisation: str
    origin: ObservatoryState | None
    quarter: str | None
    reason: str
    target: ObservatoryState


class ObservatorySurveyRead(TypedDict):
    """
    What the survey of a year says of a region; what is hidden is not zero.
    """

    figures: int
    hidden: int
    quarters: list[str]
    regions: list[str]
    silent: list[str]
    steps: dict[ObservatoryState, int]
    terms: int
    year: int


class ObservatoryTargetWrite(TypedDict):
    """
    What an indicator should be, and by when.
    """

    due_on: str
    target: int


class ObservatoryTerm(TypedDict):
    """
    One group of the sum: its weight, its share, its mean place, and what it adds.
    """

    adds: float
    code: str
    label: str
    mean: float
    occupations: dict[str, float]
    share: float
    weight: float


ObservatoryTerritoryJob = TypedDict(
    'ObservatoryTerritoryJob',
    {
        'class': ObservatoryGradeRead | None,
        'code': str,
        'employment': float,
        'label': str,
        'mean': float,
    },
)


class ObservatoryTerritoryJobs(TypedDict):
    """
    A page of jobs, by code; `release` is the hash of the tables that they come from.
    """

    basis: ObservatoryBasis
    items: list[ObservatoryTerritoryJob]
    next: NotRequired[str | None]
    release: str
    territory: str
    total: NotRequired[int | None]


class ObservatoryTerritoryRead(TypedDict):
    """
    A territory; `id` is unique, `code` is the official one within its kind.
    """

    code: str
    crosses_regions: bool
    id: str
    kind: str
    label: str
    parent: str | None


class ObservatoryThresholdsRead(TypedDict):
    """
    The thresholds; those of growth, demand and concentration are policy choices.
    """

    fades_after: int
    false_discovery_rate: float
    horizon: int
    largest_employer: float
    least_count: int
    least_employers: int
    least_growth: float
    persistence: int
    window: int


class ObservatoryTrancheRead(TypedDict):
    """
    What is planned for a quarter.
    """

    amount: str
    quarter: str


class ObservatoryTrancheWrite(TypedDict):
    """
    What a line plans to commit in a quarter.
    """

    amount: str
    quarter: str


class ObservatoryUncertainty(TypedDict):
    """
    Standard error of a mean, and what its variance is made of (shares sum to one).
    """

    crosswalk: float
    interval: ObservatoryRangeRead
    level: float
    scores: float
    se: float
    weights: float


class ObservatoryUsedSource(TypedDict):
    """
    An area as it was when a release was made, with the certificate that let it in.
    """

    agency: str | None
    area: str
    certificate: str | None
    current_at: str | None
    failure: str | None
    kit: str | None
    state: Literal['no-node', 'unregistered', 'uncertified', 'method-differs', 'refused', 'unread', 'reading', 'silent', 'current']
    vintage: str | None
    weight: float


class ObservatoryVectorResult(TypedDict):
    """
    What became of a golden vector: a figure that every implementation must find.
    """

    expected: str
    found: str | None
    method: str
    passed: bool
    vector: str


class ObservatoryWordCorrected(TypedDict):
    """
    A word that no name has, and what was looked for instead.
    """

    instead: str
    word: str


class ObservatoryYank(TypedDict):
    """
    A version that must not be installed any more, and why.
    """

    reason: ObservatoryNames
    version: str


class ObservatoryYankReason(TypedDict):
    """
    Why a version must not be installed any more.
    """

    reason: ObservatoryNames


class ObservatoryYanks(TypedDict):
    """
    The versions of an agency's kit that must not be installed, signed by it.
    """

    agency: str
    document: Literal['vigie-kit-yanks/1']
    key_id: str
    signature: str
    yanked: list[ObservatoryYank]


class ObservatoryobservatoryChangesSchemasReleaseRead(TypedDict):
    """
    A state that all reference tables were in together.
    """

    changed: list[str]
    ordinal: int
    released_at: str
    sha256: str
    versions: dict[str, int]


class ObservatoryobservatoryDisclosureSchemasRunRead(TypedDict):
    """
    A judgement of a release, without any confidential figure.
    """

    at: str
    counts: ObservatoryCounts
    dataflow: str
    newly_hidden: int
    number: int
    ordinal: int
    policy: str
    release: str
    source: str
    state: Literal['passed', 'failed']


class ObservatoryobservatoryDisclosureSchemasSourceRead(TypedDict):
    """
    The rules for the data of one kind of producer.
    """

    dominance_percent: int | None
    frequency_protection_percent: int
    id: str
    insiders: bool
    least_protection: int
    least_units: int
    name: str
    reference: str


class ObservatoryobservatoryEmergenceSchemasMethodRead(TypedDict):
    """
    How emergence is judged.
    """

    families: dict[ObservatoryFamily, ObservatoryThresholdsRead]
    formula: str
    indicators: list[str]
    references: list[str]
    states: list[ObservatoryLabelled]
    test: str
    thresholds: ObservatoryThresholdsRead
    version: str


class ObservatoryobservatoryEmergenceSchemasSourceRead(TypedDict):
    """
    What a source has told of, and what it has not.
    """

    counted: ObservatoryFamily
    first: str
    kind: Literal['skill', 'job']
    last: str
    silent: list[str]
    source: str
    told: int


class ObservatoryobservatoryExposureSchemasCoverage(TypedDict):
    """
    How much of the weight has a score; figures are about that part.
    """

    covered: float
    share: float
    total: float
    unit: str


class ObservatoryobservatoryExposureSchemasMethodRead(TypedDict):
    """
    The method with its formula and what not to read in its figures.
    """

    citation: str
    formula: str
    id: str
    limits: list[str]
    name: str
    parameters: dict[str, float]
    version: str


class ObservatoryobservatoryExposureSchemasRank(TypedDict):
    """
    Place among the sectors of the same level; 1 is the most exposed.
    """

    of: int
    position: int


class ObservatoryobservatoryExposureSchemasSourceRead(TypedDict):
    """
    Where facts come from.
    """

    citation: str
    licence: str
    producer: str
    table: str
    vintage: str


ObservatoryobservatoryGridsSchemasCell = TypedDict(
    'ObservatoryobservatoryGridsSchemasCell',
    {
        'certain': bool | None,
        'class': str | None,
        'class_name': str | None,
        'criterion': str,
        'figure': str,
        'indicator': str,
        'level': ObservatoryLevelRead | None,
        'period': str | None,
        'question': str,
        'reading': str | None,
        'reading_key': str,
        'release': int | None,
        'status': str | None,
        'value': float | None,
    },
)


class ObservatoryobservatoryIndicesMethodSchemasGridRead(TypedDict):
    """
    Reading grid: ordered classes, and the rule at their bounds.
    """

    classes: list[ObservatoryBound]
    id: str
    name: str
    rule: str
    version: str


class ObservatoryobservatoryIndicesMethodSchemasMethodRead(TypedDict):
    """
    A version of a method.
    """

    citation: str
    formula: str
    headline: bool
    id: str
    licence: str
    limits: list[str]
    loaded: bool
    measures: str
    name: str
    parameters: dict[str, float]
    scale: str
    version: str


class ObservatoryobservatoryIndicesMethodSchemasTemplate(TypedDict):
    """
    A sentence with placeholders, in both languages.
    """

    en: str
    fr: str
    id: str


class ObservatoryobservatoryIndicesSchemasBounds(TypedDict):
    """
    A 95 % interval of a quotient.
    """

    high: float
    low: float


class ObservatoryobservatoryIndicesSchemasClassRead(TypedDict):
    """
    A class of the grid.
    """

    code: ObservatoryBand
    label: str


class ObservatoryobservatoryIndicesSchemasCoverage(TypedDict):
    """
    Smallest coverage of the headline methods, and what it counts.
    """

    share: float
    total: float
    unit: str


class ObservatoryobservatoryIndicesSchemasPart(TypedDict):
    """
    A part of the variance: its formula and its value.
    """

    formula: str
    value: float


class ObservatoryobservatoryIndicesSchemasVersioned(TypedDict):
    """
    A published thing and its version.
    """

    id: str
    version: str


ObservatoryobservatoryKeysSchemasClassRead = TypedDict(
    'ObservatoryobservatoryKeysSchemasClassRead',
    {
        'caution': bool,
        'certain': bool | None,
        'class': str | None,
        'compared': str | None,
        'do_not_conclude': list[str],
        'key': str,
        'label': str | None,
        'reaches': list[str],
        'reading': str,
        'value': float | None,
    },
)


class ObservatoryobservatoryKeysSchemasDeprecated(TypedDict):
    """
    Since when and why something should not be used, and what to use instead.
    """

    at: str
    reason: ObservatoryNames
    replacement: str | None


class ObservatoryobservatoryKitsSchemasDifference(TypedDict):
    """
    What installing a kit changes: structures and methods against what is here.
    """

    conflicting: list[str]
    created: list[str]
    gone: list[str]
    methods_added: dict[str, str]
    methods_changed: dict[str, str]
    methods_gone: dict[str, str]
    methods_unknown: list[str]
    unchanged: list[str]


class ObservatoryobservatoryKitsSchemasKeyRead(TypedDict):
    """
    The key that this installation signs with, as others pin it.
    """

    key_id: str
    x: str


class ObservatoryobservatoryKitsSchemasSourceFile(TypedDict):
    """
    A file of the region's own that its data come from.
    """

    dataflow: str
    licence: str
    producer: str
    title: str
    vintage: str


class ObservatoryobservatoryKpisSchemasTargetRead(TypedDict):
    """
    What a programme aims at; version 0 where it aims at nothing yet.
    """

    due_on: str | None
    target: int | None
    version: int


ObservatoryobservatoryMobilitiesSchemasTargetRead = TypedDict(
    'ObservatoryobservatoryMobilitiesSchemasTargetRead',
    {
        'class': ObservatoryGradeRead | None,
        'code': str,
        'difference': float | None,
        'label': str,
        'mean': float | None,
        'skills': ObservatorySkillsRead | None,
    },
)


class ObservatoryobservatoryNodesSchemasDeedRead(TypedDict):
    """
    Who did what with a node or a roll-up.
    """

    action: str
    at: str
    client: str
    detail: dict[str, Any]
    entity: str
    entity_id: str
    subject: str


class ObservatoryobservatoryObservationsSchemasReleaseShown(TypedDict):
    """
    The release that figures are of.
    """

    method: str | None
    ordinal: int
    published_at: str | None
    source: str | None


class ObservatoryobservatoryProgrammeCalendarSchemasDeedRead(TypedDict):
    """
    Who did what, when; amounts and codes, and the reason where one was given.
    """

    action: str
    at: str
    client: str
    detail: dict[str, Any]
    entity: str
    entity_id: str
    id: int
    subject: str


class ObservatoryobservatoryProvenanceSchemasComponent(TypedDict):
    """
    A part of the key of a figure.
    """

    code: str
    id: str
    label: str
    name: str


class ObservatoryobservatoryProvenanceSchemasFigure(TypedDict):
    """
    One figure; `attributes` are what is said of it beside its value.
    """

    attributes: dict[str, Any]
    key: list[ObservatoryobservatoryProvenanceSchemasComponent]
    period: str
    value: float | None


class ObservatoryobservatoryReleasesSchemasDifference(TypedDict):
    """
    How the observations of a release differ from those of the one before.
    """

    added: int
    deleted: int
    max_delta: float | None
    revised: int


class ObservatoryobservatoryReleasesSchemasSourceFile(TypedDict):
    """
    A file as its producer gives it.
    """

    name: str
    sha256: str


class ObservatoryobservatoryRollupsSchemasPart(TypedDict):
    """
    An area of the country, who publishes for it, and what it weighs in the coverage.
    """

    agency: str | None
    area: str
    weight: float


class ObservatoryobservatoryRollupsSchemasSourceRead(TypedDict):
    """
    An area, and whether its figures count now.
    """

    agency: str | None
    area: str
    current_at: str | None
    failure: str | None
    state: Literal['no-node', 'unregistered', 'uncertified', 'method-differs', 'refused', 'unread', 'reading', 'silent', 'current']
    vintage: str | None
    weight: float


class ObservatoryobservatorySheetsSchemasSourceRead(TypedDict):
    """
    A source, as OWID's Origin describes one; what nobody told is null.
    """

    attribution: str
    citation_full: str | None
    dataset: str | None
    date_accessed: str | None
    date_published: str | None
    description: str | None
    files: list[ObservatoryobservatoryReleasesSchemasSourceFile]
    license: str
    producer: str
    title: str
    url_download: str | None
    url_main: str | None
    version_producer: str


class ObservatoryobservatoryStructuresKeySchemasBounds(TypedDict):
    """
    The values of a class; null is no end, `includes` says which of its bounds are in it.
    """

    id: str
    includes: NotRequired[Literal['lower', 'upper', 'both', 'neither']]
    lower: NotRequired[float | None]
    name: ObservatoryNames
    reading: ObservatoryNames
    upper: NotRequired[float | None]


class ObservatoryobservatoryStructuresSchemasDeprecated(TypedDict):
    """
    Since when and why an artefact should not be used, and which one instead.
    """

    at: str
    reason: str
    replacement: str | None


class ObservatoryobservatoryStudySchemasComponent(TypedDict):
    """
    A part of the key of a figure.
    """

    code: str
    id: str


class ObservatoryobservatoryStudySchemasFigure(TypedDict):
    """
    A figure that statements say, and where it is; addresses are those of the door.

    An `observation` is one cell, a `sum` adds up the cells of `cells`, `live` ones are a
    neighbour's of this moment, a `record` is no number: a certification, a call for projects.
    """

    cells: str | None
    data: str
    denominator: float | None
    high: float | None
    id: str
    indicator: str | None
    key: list[ObservatoryobservatoryStudySchemasComponent]
    kind: Literal['observation', 'sum', 'live', 'record']
    low: float | None
    name: str
    numerator: float | None
    period: str | None
    provenance: str | None
    release: str | None
    sheet: str | None
    shown: str
    source: str | None
    status: str | None
    unit: str | None
    value: float | None


class ObservatoryobservatoryStudySchemasRank(TypedDict):
    """
    Place among comparables, 1 the lowest; of exposures that is the favourable end.
    """

    comparables: str
    median: float
    of: int
    position: int
    verdict: Literal['strong', 'weak'] | None


class ObservatoryobservatoryStudySchemasTemplate(TypedDict):
    """
    A sentence with its `{fields}`.
    """

    en: str
    fr: str
    id: str


class ObservatoryobservatoryStudySchemasVersioned(TypedDict):
    """
    Something citable, in its version.
    """

    address: str
    id: str
    version: str


class ObservatoryplatformkitFindingSpan(TypedDict):
    """
    A part of a text, in characters from its beginning.
    """

    end: int
    start: int


class ObservatoryplatformkitPaginationPageDeedRead1(TypedDict):
    items: list[ObservatoryobservatoryProgrammeCalendarSchemasDeedRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryplatformkitPaginationPageDeedRead2(TypedDict):
    items: list[ObservatoryobservatoryNodesSchemasDeedRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryplatformkitPaginationPageReleaseRead1(TypedDict):
    items: list[ObservatoryobservatoryChangesSchemasReleaseRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryplatformkitPaginationPageRunRead1(TypedDict):
    items: list[ObservatoryobservatoryDisclosureSchemasRunRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


Error = TypedDict(
    'Error',
    {
        'code': str,
        'detail': str,
        'in': Literal['body', 'query', 'path', 'header'],
        'place': NotRequired[str],
        'pointer': str,
    },
)


class Problem(TypedDict):
    """
    An RFC 9457 problem, in the language of Accept-Language (French by default).
    """

    code: str
    detail: NotRequired[str]
    errors: NotRequired[list[Error]]
    status: int
    title: str
    trace_id: NotRequired[str | None]
    type: str


TrainingAchievement = TypedDict(
    'TrainingAchievement',
    {
        '@context': Any,
        'criteria': dict[str, Any],
        'description': str,
        'id': str,
        'name': str,
        'type': list[str],
    },
)


TrainingAction: TypeAlias = Literal['submit', 'endorse', 'rank', 'send_back', 'decline', 'withdraw', 'select', 'reserve', 'reject']


class TrainingAlikeRead(TypedDict):
    """
    Something in the catalogue that may be the same.
    """

    entity: Literal['formation', 'certification']
    holder: str | None
    id: str
    similarity: float
    title: str


class TrainingAttachmentRead(TypedDict):
    """
    A document: `application` of the author, `decision` of who reviews.
    """

    added_at: str
    id: str
    kind: Literal['application', 'decision']
    media_type: str
    organisation: str
    sha256: str
    size: int
    title: str


class TrainingAudiencePart(TypedDict):
    """
    What the offers for an audience cover.
    """

    audience: Literal['at_work', 'young', 'job_seeker']
    employment: float | None
    employment_share: float | None
    jobs: int
    jobs_share: float | None
    reading: str


class TrainingAuditEventRead(TypedDict):
    """
    Who did what to what, when.
    """

    action: Literal['start_import', 'withdraw_certification', 'propose', 'rewrite_proposal', 'move_proposal', 'assign_reviewer', 'release_reviewer', 'give_opinion', 'attach_to_proposal', 'remove_attachment', 'share_preview', 'revoke_preview', 'write_thesis_campaign', 'turn_thesis_campaign', 'publish_thesis_campaign', 'move_thesis', 'decide_thesis', 'roll_over', 'rewrite_rollover_draft', 'discard_rollover_draft', 'publish_rollover_draft', 'edit_sessions', 'tell_capacity', 'declare_skills']
    actor: str
    at: str
    client: str
    detail: str | None
    entity: Literal['import', 'certification', 'proposal', 'thesis_campaign', 'thesis', 'rollover', 'rollover_draft', 'formation', 'session']
    entity_id: str
    id: int


class TrainingBlocRead(TypedDict):
    """
    A competency bloc.
    """

    code: str
    id: str
    title: str


class TrainingBlocSet(TypedDict):
    """
    Blocs of a certification; none when the whole of it is meant.
    """

    blocs: list[str]
    number: str
    whole: bool


class TrainingBlocWhole(TypedDict):
    """
    A competency bloc with what it attests and how that is assessed.
    """

    assessment: str | None
    code: str
    competences: str | None
    id: str
    title: str


class TrainingBodyRead(TypedDict):
    """
    A certifying body in function; no SIRET where the source gives none.
    """

    name: str
    siret: str | None


class TrainingCapacityRead(TypedDict):
    """
    The places of a session, as told by whoever gives it.
    """

    capacity: int
    remaining: int
    session: str
    updated_at: str
    version: int


class TrainingCapacityTold(TypedDict):
    """
    How many places there are, and how many are left.
    """

    capacity: int
    remaining: int


class TrainingCarryOver(TypedDict):
    """
    A set of blocs that counts as a set of blocs of a replacement, all of the set together.
    """

    blocs: list[str]
    stated_by: str
    to: str
    to_blocs: list[str]
    to_whole: bool
    whole: bool


class TrainingCertificationCounts(TypedDict):
    """
    Active certifications whose fiche names the job; audiences, by access routes, overlap.
    """

    active: int
    audiences: dict[Literal['at_work', 'young', 'job_seeker'], int]
    new: int


class TrainingCertificationKept(TypedDict):
    """
    One that adapts to AI; the skills of adaptation that its texts name.
    """

    level: int | None
    number: str
    offers: int
    registration_end: str | None
    skills: list[str]
    title: str


class TrainingCertificationLead(TypedDict):
    """
    A certification in which one may enrol on the day, and how many offers prepare for it.
    """

    level: int | None
    number: str
    offers: int
    registration_end: str | None
    title: str


class TrainingChange(TypedDict):
    """
    One change; for `deleted` the payload says why and what replaces it.
    """

    at: str
    entity: str
    entity_id: str
    kind: Literal['created', 'updated', 'deleted']
    payload: dict[str, Any]
    version: int


class TrainingChangeCount(TypedDict):
    """
    How many records have this fate, and the first of their codes.
    """

    count: int
    first: list[str]


class TrainingChanges(TypedDict):
    """
    A page of the feed; `next` is always given: ask again with it, now or later.
    """

    items: list[TrainingChange]
    more: bool
    next: str


class TrainingClockRead(TypedDict):
    """
    The time of those who review; it stands while somebody else is to move.
    """

    days_given: int
    days_spent: int
    due_on: str | None
    is_running: bool


class TrainingCode(TypedDict):
    """
    An IdentifierEntry; types of our own begin with `x-`.
    """

    code: str
    codeType: str


class TrainingCofinancierRead(TypedDict):
    """
    An organisation that pays a share.
    """

    amount: str
    name: str
    percent: str


class TrainingCofinancierWrite(TypedDict):
    """
    An organisation that pays a share of the cost.
    """

    name: str
    percent: float | str


class TrainingComparedAction(TypedDict):
    """
    One of the two actions: what may set it apart.
    """

    hours: int | None
    id: str
    number: str
    price: str | None


class TrainingComplementRead(TypedDict):
    """
    What is asked of the author: nothing else may change meanwhile.
    """

    fields: list[str]
    reason: str


class TrainingConfirmed(TypedDict):
    """
    A draft as you have read it.
    """

    id: str
    version: int


Language: TypeAlias = str


class TrainingConsumer(TypedDict):
    """
    The profile `x-vigie` 1.0: what the French catalogue knows and OEAPI has no place for.
    """

    consumerKey: str


class TrainingCorrection(TypedDict):
    """
    A word that nothing has, and what was looked for instead.
    """

    instead: str
    word: str


class TrainingCost(TypedDict):
    """
    A price, all taxes included.
    """

    amount: NotRequired[str | None]
    costType: str
    currency: NotRequired[str | None]


TrainingCountry = TypedDict(
    'TrainingCountry',
    {
        'iso3166-1-alpha2': str
    },
)


class TrainingDataRead(TypedDict):
    """
    Releases of what the answer was made of: the same ones give the same bytes.
    """

    catalogue: str | None
    certifications: dict[str, str | None]
    references: dict[str, str]


class TrainingDeadlines(TypedDict):
    """
    The last day of each step, in their order.
    """

    doctoral_school: str
    institution: str
    laboratory: str
    region: str
    unit: str


class TrainingDeadlinesRead(TypedDict):
    """
    The last day of each step in Paris, to its end.
    """

    doctoral_school: str
    institution: str
    laboratory: str
    region: str
    unit: str


class TrainingDecision(TypedDict):
    """
    What the Région decides; not to select has a reason.
    """

    decision: Literal['select', 'reserve', 'reject']
    reason: NotRequired[str | None]


class TrainingDeclaredPeriod(TypedDict):
    """
    The financial year of the last declaration.
    """

    end: str | None
    start: str | None


class TrainingDraftRead(TypedDict):
    """
    A draft whole: its payload is a formation's document, as a proposal's.
    """

    copy_of: str
    id: str
    number: str
    payload: dict[str, Any]
    provider: str
    published_at: str | None
    rollover: str
    title: str
    updated_at: str
    version: int


class TrainingDraftSummary(TypedDict):
    """
    A draft in a list.
    """

    copy_of: str
    id: str
    number: str
    provider: str
    published_at: str | None
    rollover: str
    title: str
    updated_at: str
    version: int


class TrainingDraftUpdate(TypedDict):
    """
    The whole payload anew; its provider and number stay.
    """

    payload: dict[str, Any]


class TrainingEditFault(TypedDict):
    """
    What is in the way of an item.
    """

    code: str
    detail: str
    pointer: str


class TrainingEditedSession(TypedDict):
    """
    What became of one: 200 changed, 404, 412 stale, 422 wrong with the formation's others.
    """

    errors: list[TrainingEditFault]
    session: str
    status: int
    version: int | None


class TrainingEditorialRead(TypedDict):
    """
    Marks by the Vigie team, not by France compétences.
    """

    ai_literacy_level: Literal['awareness', 'user', 'practitioner', 'specialist'] | None
    audience: list[Literal['at_work', 'young']]
    themes: list[Literal['ai_literacy', 'ai_strategy', 'automation', 'cybersecurity', 'data', 'development', 'digital_skills', 'generative_ai', 'governance', 'human_resources']]


class TrainingEditsRead(TypedDict):
    """
    What became of each, in the order that was asked.
    """

    changed: int
    items: list[TrainingEditedSession]


class TrainingEnrolmentPeriod(TypedDict):
    """
    When one may enrol.
    """

    endDateTime: NotRequired[str | None]
    startDateTime: str


class TrainingExpansion(TypedDict):
    """
    What an operation can expand.
    """

    expandableObjects: list[str]
    path: str


class TrainingFacetValue(TypedDict):
    """
    A value that may be chosen, and how many hits there would be with it alone in its facet.
    """

    count: int
    label: str | None
    value: str


class TrainingFaultRead(TypedDict):
    """
    What is in the way of an item, and where in it.
    """

    code: str
    detail: str
    pointer: str


class TrainingFilePart(TypedDict):
    """
    The file that was judged; `parts` are the members that were read.
    """

    dated_on: str | None
    licence: str | None
    media_type: str
    parts: list[str]
    sha256: str
    size: int


class TrainingFinancingRead(TypedDict):
    """
    Who pays; euros, shares rounded down to the cent.
    """

    cofinanciers: list[TrainingCofinancierRead]
    cost: str
    regional_amount: str
    regional_percent: str
    uncovered_percent: str


TrainingFlag: TypeAlias = Literal['not_habilitated', 'provider_unlisted', 'qualiopi_missing', 'certification_ended']


class TrainingFormationNamed(TypedDict):
    """
    The formation of an offer: `GET /v1/formations/{id}`; `action` is the way of following it.
    """

    action: str
    id: str
    number: str


class TrainingGeolocation(TypedDict):
    """
    Degrees.
    """

    latitude: float
    longitude: float


TrainingGradePart = TypedDict(
    'TrainingGradePart',
    {
        'class': str,
        'employment': float | None,
        'employment_share': float | None,
        'jobs': int,
        'jobs_share': float | None,
        'label': str,
        'of_employment': float,
        'of_jobs': int,
        'reading': str,
    },
)


class TrainingHeld(TypedDict):
    """
    A skill that somebody has: 1 notions, 2 with help, 3 on their own, 4 expert; 0 is none.
    """

    level: int
    skill: str


class TrainingHighlight(TypedDict):
    """
    HTML, escaped, with `<mark>` around the words that were found; null without words.
    """

    excerpt: str | None
    title: str


class TrainingHitSource(TypedDict):
    """
    Where it was read, and under which licence it may be passed on.
    """

    dated_on: str | None
    licence: str | None
    name: str


TrainingJobExposureRead = TypedDict(
    'TrainingJobExposureRead',
    {
        'class': str | None,
        'label': str | None,
        'mean': float,
    },
)


class TrainingJobOffers(TypedDict):
    """
    The open offers that answer a job.
    """

    audiences: dict[Literal['at_work', 'young', 'job_seeker'], int]
    hours: int
    hours_mean: float | None
    hours_stated: int
    inherited: int
    leads: int
    levels: dict[Literal['1', '2', '3', '4', '5', '6', '7', '8', 'not_stated'], int]
    maintains: int
    modes: dict[Literal['on_site', 'mixed', 'remote'], int]
    new: int
    offers: int
    seats: int
    seats_stated: int
    sessions: int


class TrainingLabel(TypedDict):
    """
    A label of ours, in both languages.
    """

    en: str
    fr: str


class TrainingLabelRead(TypedDict):
    """
    The official labels; a language that the source does not have is null.
    """

    en: str | None
    fr: str | None


class TrainingLaboratoryRead(TypedDict):
    """
    A laboratory; the commune's name is null outside Hauts-de-France.
    """

    city: str | None
    commune: str
    department: str
    name: str


class TrainingLaboratoryWrite(TypedDict):
    """
    The laboratory that proposes, and the commune it is in.
    """

    commune: str
    name: str


TrainingLearningModel = TypedDict(
    'TrainingLearningModel',
    {
        '@context': Any,
        'id': str,
        'title': dict[str, str],
        'type': str,
    },
)


class TrainingLoss(TypedDict):
    """
    Something that a format cannot say, and how many formations have it.
    """

    detail: str
    formations: int
    rule: str


class TrainingLosses(TypedDict):
    """
    What an export of this moment leaves out.
    """

    format: Literal['lheo-2.3.xml', 'lheo-2.2.xml', 'offers.csv', 'offers-for-spreadsheets.csv', 'offers.jsonl']
    formations: int
    losses: list[TrainingLoss]


class TrainingMatch(TypedDict):
    """
    What newly matches: as the search's hit of this `id`, and where it is read.
    """

    certification: str | None
    formation: str | None
    id: str
    kind: Literal['offer', 'certification']
    matched_at: str
    title: str


class TrainingMatches(TypedDict):
    """
    What newly matches, in its order; `next` is always given: ask with it, now or later.
    """

    items: list[TrainingMatch]
    more: bool
    next: str


class TrainingMethodRead(TypedDict):
    """
    How it was reckoned, and what not to read in it.
    """

    citations: list[str]
    limits: list[str]
    version: str
    weights: dict[str, float]


class TrainingMove(TypedDict):
    """
    A step; a reason goes with sending back, declining and withdrawing, a rank with ranking.
    """

    action: Literal['submit', 'endorse', 'rank', 'send_back', 'decline', 'withdraw']
    rank: NotRequired[int | None]
    reason: NotRequired[str | None]


class TrainingNamed(TypedDict):
    """
    A code with its label in the language of the request, or in French.
    """

    code: str
    label: str


class TrainingOfferCounts(TypedDict):
    """
    A set of open offers, each counted once: origins and levels add up, audiences overlap.
    """

    audiences: dict[Literal['at_work', 'young', 'job_seeker'], int]
    hours: int
    hours_mean: float | None
    hours_stated: int
    inherited: int
    levels: dict[Literal['1', '2', '3', '4', '5', '6', '7', '8', 'not_stated'], int]
    modes: dict[Literal['on_site', 'mixed', 'remote'], int]
    new: int
    offers: int
    seats: int
    seats_stated: int
    sessions: int


TrainingOfferSource = TypedDict(
    'TrainingOfferSource',
    {
        'dated_on': str | None,
        'import': str,
        'kind': Literal['provider_file', 'regional_proposal', 'rollover'],
        'licence': str | None,
        'name': str,
        'url': str | None,
    },
)


class TrainingOperation(TypedDict):
    """
    An operation that is served.
    """

    path: str
    verbs: list[str]


class TrainingOpinionGive(TypedDict):
    """
    One reviewer's opinion and its grounds.
    """

    opinion: Literal['favourable', 'reserved', 'unfavourable']
    reason: str


class TrainingOpinionRead(TypedDict):
    """
    An opinion, given in a round of the review.
    """

    at: str
    opinion: Literal['favourable', 'reserved', 'unfavourable']
    organisation: str
    reason: str
    reviewer: str
    round: int


class TrainingOrganisationHeld(TypedDict):
    """
    Who takes part, and the tenant that acts for it.
    """

    code: str
    kind: Literal['unit', 'doctoral_school', 'institution']
    name: str
    tenant: str


class TrainingOrganisationWrite(TypedDict):
    """
    Who advises on subjects, and the tenant, the organisation of a client, that acts for it.
    """

    code: str
    kind: Literal['unit', 'doctoral_school', 'institution']
    name: str
    tenant: str


TrainingOutcome: TypeAlias = Literal['created', 'already_there', 'certification_ended', 'number_too_long']


class TrainingPageAttachmentRead(TypedDict):
    items: list[TrainingAttachmentRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageAuditEventRead(TypedDict):
    items: list[TrainingAuditEventRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageDraftSummary(TypedDict):
    items: list[TrainingDraftSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageOpinionRead(TypedDict):
    items: list[TrainingOpinionRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPart(TypedDict):
    """
    A part of the exposed jobs and employment, with its share of their totals.
    """

    employment: float | None
    employment_share: float | None
    jobs: int
    jobs_share: float | None
    reading: str


class TrainingPeriod(TypedDict):
    """
    Both days included; null is an open day.
    """

    end: str | None
    start: str | None


TrainingPhase: TypeAlias = Literal['upcoming', 'running', 'ended']


class TrainingPlace(TypedDict):
    """
    From where, and how far: a commune of Hauts-de-France or a point.
    """

    commune: NotRequired[str | None]
    latitude: NotRequired[float | None]
    longitude: NotRequired[float | None]
    radius_km: NotRequired[float]


class TrainingPlaceShown(TypedDict):
    """
    Where: the place nearest to the centre of the search, or the first.
    """

    city: str
    department: str
    name: str | None
    postcode: str


class TrainingPlacesTaken(TypedDict):
    """
    How many places somebody takes, all or none.
    """

    places: NotRequired[int]


class TrainingPoints(TypedDict):
    """
    Points of a score; those of all parts add up to it. `cap` is for cold data.
    """

    part: Literal['coverage', 'efficiency', 'proximity', 'demand', 'cap']
    points: float
    skill: str | None


class TrainingPreviewCreate(TypedDict):
    """
    For how long, and for whom in your own words.
    """

    days: NotRequired[int]
    note: NotRequired[str | None]


class TrainingPreviewCreated(TypedDict):
    """
    A new link; the token is shown this once.
    """

    created_at: str
    expires_at: str
    id: str
    note: str | None
    revoked_at: str | None
    state: Literal['active', 'expired', 'revoked']
    token: str


class TrainingPreviewRead(TypedDict):
    """
    A link to a proposal that is not published.
    """

    created_at: str
    expires_at: str
    id: str
    note: str | None
    revoked_at: str | None
    state: Literal['active', 'expired', 'revoked']


class TrainingPrice(TypedDict):
    """
    In euros, all taxes included; where the provider gives no amount, its words in `text`.
    """

    amount: str | None
    currency: Literal['EUR']
    free: NotRequired[bool | None]
    text: NotRequired[str | None]


Target: TypeAlias = str


class TrainingPromotion(TypedDict):
    """
    What became of those certified in a year; rates in per cent.
    """

    certified: NotRequired[int | None]
    certified_by_experience: NotRequired[int | None]
    employed_after_6_months: NotRequired[float | None]
    in_the_job_after_2_years: NotRequired[float | None]
    in_the_job_after_6_months: NotRequired[float | None]
    year: int


class TrainingProposalCreate(TypedDict):
    """
    What is proposed, as far as it is known.
    """

    kind: Literal['certification', 'offer']
    payload: dict[str, Any]


class TrainingProposalUpdate(TypedDict):
    """
    The whole payload anew.
    """

    payload: dict[str, Any]


class TrainingProviderAddress(TypedDict):
    """
    Where a provider is, no closer than its town: many are persons at home.
    """

    city: str | None
    department: str | None
    postcode: str | None
    region: str | None


class TrainingProviderNamed(TypedDict):
    """
    The provider of an offer in a list.
    """

    name: str
    siret: str


class TrainingProviderRead(TypedDict):
    """
    Who is responsible for a formation; coordinates are professional ones.
    """

    activity_number: str
    legal_name: str
    name: str
    siret: str


TrainingProviderSource = TypedDict(
    'TrainingProviderSource',
    {
        'dated_on': str | None,
        'import': str,
        'licence': str,
        'name': str,
        'url': str,
    },
)


class TrainingProviderSummary(TypedDict):
    """
    A provider in a list.
    """

    activity_number: str
    address: TrainingProviderAddress
    name: str
    qualiopi: list[Literal['training', 'skills_assessment', 'vae', 'apprenticeship']]
    siren: str | None
    siret: str | None
    version: int


class TrainingPublishedLine(TypedDict):
    """
    What became of a draft: 200 published, 404, 409 published before, 412 stale, 422 not yet.
    """

    errors: list[TrainingFaultRead]
    id: str
    status: int


class TrainingPublishedRead(TypedDict):
    """
    What it became in the catalogue.
    """

    address: str
    entity: Literal['formation', 'certification']
    id: str


class TrainingQualiopiRead(TypedDict):
    """
    What the offer needs of Qualiopi, and what the provider's company holds.
    """

    held: list[Literal['training', 'skills_assessment', 'vae', 'apprenticeship']] | None
    needed: Literal['training', 'skills_assessment', 'vae', 'apprenticeship']


class TrainingRecordCounts(TypedDict):
    """
    How many records were read, could be stored, and could not.
    """

    read: int
    refused: int
    valid: int


class TrainingReferenceRead(TypedDict):
    """
    A nomenclature that the records were compared with, in the release that was held.
    """

    dated_on: str | None
    name: str
    version: str | None


class TrainingReplaced(TypedDict):
    """
    A code that is obsolete, and the one that was taken in its place.
    """

    given: str
    scheme: str
    used: str


class TrainingReviewerAssign(TypedDict):
    """
    Who is to review: a person or a program, in the name of an organisation.
    """

    organisation: str
    reviewer: str


class TrainingReviewerRead(TypedDict):
    """
    Somebody charged with the review.
    """

    assigned_at: str
    organisation: str
    reviewer: str


TrainingRole: TypeAlias = Literal['laboratory', 'unit', 'doctoral_school', 'institution', 'region']


class TrainingRolloverAsked(TypedDict):
    """
    Which of your offers to copy: those of a provider with a session that starts in the year.
    """

    dry_run: NotRequired[bool]
    first: str
    last: str
    provider: str


class TrainingRolloverRead(TypedDict):
    """
    What a rollover made, or would have made; both days of a year are in it.
    """

    counts: dict[TrainingOutcome, int]
    created_at: str
    dry_run: bool
    first: str
    id: str
    last: str
    provider: str
    sessions: int
    to_first: str
    to_last: str


class TrainingRomeParent(TypedDict):
    """
    The broader job of ROME 3.
    """

    code: str
    label: str


class TrainingRomeRead(TypedDict):
    """
    A job of ROME 4; its label is official and exists in French only.
    """

    code: str
    label: str
    parent: TrainingRomeParent | None
    release: str
    released_on: str


TrainingRule: TypeAlias = Literal['action_identical', 'action_hours_close', 'title_identical', 'title_similar']


class TrainingRuleRead(TypedDict):
    """
    A rule, and the anomaly that EDOF gives for it, where it is one of EDOF's.
    """

    code: TrainingRule
    edof: str | None
    label: TrainingLabel


Region: TypeAlias = str


class TrainingRules(TypedDict):
    """
    What a campaign asks of its subjects.
    """

    months: NotRequired[int]
    most_per_institution: NotRequired[int | None]
    regional_percent_most: NotRequired[float | str]
    regions: NotRequired[list[Region]]


class TrainingRulesRead(TypedDict):
    """
    What a campaign asks of its subjects.
    """

    months: int
    most_per_institution: int | None
    regional_percent_most: str
    regions: list[str]


class TrainingRunRead(TypedDict):
    """
    An import: what was sent, how far the work is, how much was found wrong.
    """

    created_at: str
    dated_on: str | None
    errors: int
    extract: bool
    filename: str | None
    finished_at: str | None
    force: bool
    format: str
    id: str
    licence: str | None
    media_type: str
    mode: Literal['dry_run', 'atomic', 'partial']
    records: int
    sha256: str
    size: int
    state: Literal['queued', 'running', 'done', 'failed', 'halted']
    step: int
    warnings: int


class TrainingSavedSearchRead(TypedDict):
    """
    A search that you follow; `version` counts the times that something was new.
    """

    created_at: str
    id: str
    label: str
    query: str
    version: int


class TrainingSavedSearchWrite(TypedDict):
    """
    What you call it; what is searched for is in the address.
    """

    label: str


TrainingSchemaOrg = TypedDict(
    'TrainingSchemaOrg',
    {
        '@context': Any,
        '@id': str,
        '@type': str,
        'name': str,
    },
)


class TrainingSessionEdit(TypedDict):
    """
    What to change of a session; what is left out stays.
    """

    ends_on: NotRequired[str | None]
    enrolment_ends_on: NotRequired[str | None]
    enrolment_starts_on: NotRequired[str | None]
    price: NotRequired[float | str | None]
    recruitment_state: NotRequired[Literal['open', 'closed', 'suspended'] | None]
    session: str
    starts_on: NotRequired[str | None]
    version: int


class TrainingSessionEdits(TypedDict):
    """
    The sessions to change, each on its own.
    """

    items: list[TrainingSessionEdit]


class TrainingSessionRead(TypedDict):
    """
    When an action takes place.
    """

    id: str
    number: str
    period: TrainingPeriod
    recruitment_state: NotRequired[Literal['open', 'closed', 'suspended'] | None]


class TrainingSessionShown(TypedDict):
    """
    The next session that the search allows; `open` is whether one may enrol today.
    """

    ends_on: str | None
    enrolment_ends_on: str | None
    id: str
    open: bool
    starts_on: str | None


TrainingSide: TypeAlias = Literal['author', 'reviewer']


class TrainingSkillDeclared(TypedDict):
    """
    A skill that the provider says its offer teaches, or expects of those who come.
    """

    code: str
    level: int
    prerequisite: NotRequired[bool]


class TrainingSkillTaught(TypedDict):
    """
    A skill of an offer, and how we know.
    """

    code: str
    confidence: float
    label: str
    level: int | None
    method: Literal['declared', 'classified', 'extracted']
    prerequisite: bool
    source: str | None


class TrainingSkillsDeclared(TypedDict):
    """
    All that the provider declares; none takes back what was declared before.
    """

    skills: list[TrainingSkillDeclared]


class TrainingSource(TypedDict):
    """
    Where the facts were read; `dated_on` is the vintage, null when the source carries none.
    """

    dated_on: str | None
    kind: Literal['official_feed', 'official_tables', 'official_page', 'certifying_body', 'secondary', 'regional_proposal']
    licence: str | None
    name: str
    url: str


class TrainingSpecialtyRead(TypedDict):
    """
    A specialty of the NSF that the provider declares.
    """

    code: str
    label: str | None


TrainingStage: TypeAlias = Literal['days_90', 'days_30', 'days_7', 'ended']


TrainingStatus: TypeAlias = Literal['draft', 'at_unit', 'at_doctoral_school', 'at_institution', 'at_region', 'selected', 'reserve', 'not_selected', 'declined', 'withdrawn']


class TrainingStepVerdict(TypedDict):
    """
    What one of the five steps of the check has given.
    """

    errors: int
    name: Literal['unpack', 'syntax', 'schema', 'reference_data', 'business_rules']
    step: int
    verdict: Literal['passed', 'failed', 'not_reached']
    warnings: int


class TrainingStudyLoad(TypedDict):
    """
    How long it takes.
    """

    studyLoadUnit: str
    value: int


class TrainingSupportedConsumer(TypedDict):
    """
    A consumer whose profile is filled.
    """

    consumerKey: str
    version: str


class TrainingTaskExposure(TypedDict):
    """
    How much AI changes what a skill is used for, as a diagnostic says: it then counts more.
    """

    exposure: float
    skill: str


class TrainingTaught(TypedDict):
    """
    A skill that a course fills a gap of, and how we know that it teaches it.
    """

    confidence: float
    evidence: str | None
    level: int
    method: Literal['declared', 'classified', 'extracted']
    skill: TrainingNamed
    source: str | None


class TrainingTerritoryRead(TypedDict):
    """
    A territory under the observatory's identifier.
    """

    code: str
    id: str
    kind: Literal['region', 'department', 'employment_zone', 'epci']
    label: str


class TrainingTerritoryStatistics(TypedDict):
    """
    The open offer of a territory, and the regional exposed employment that it covers.
    """

    by_audience: list[TrainingAudiencePart]
    covered: TrainingPart
    exposed_offers: int
    offers: TrainingOfferCounts
    reading: str
    territory: TrainingTerritoryRead


class TrainingThesisPropose(TypedDict):
    """
    A subject for a campaign.
    """

    campaign_id: str
    cofinanciers: NotRequired[list[TrainingCofinancierWrite]]
    cost: float | str
    doctoral_school: str
    institution: str
    laboratory: TrainingLaboratoryWrite
    regional_percent: float | str
    summary: str
    title: str
    unit: str


class TrainingThesisWrite(TypedDict):
    """
    A subject, whole; codes are those of the campaign's organisations.
    """

    cofinanciers: NotRequired[list[TrainingCofinancierWrite]]
    cost: float | str
    doctoral_school: str
    institution: str
    laboratory: TrainingLaboratoryWrite
    regional_percent: float | str
    summary: str
    title: str
    unit: str


class TrainingTitleInput(TypedDict):
    """
    What people read.
    """

    en: str
    fr: str


class TrainingTitleOutput(TypedDict):
    """
    The official French title; the English one is our translation, not an official text.
    """

    en: str | None
    fr: str


class TrainingTitleRead(TypedDict):
    """
    What people read.
    """

    en: str
    fr: str


TrainingTransitionInput: TypeAlias = Literal['submit', 'admit', 'reject', 'start_review', 'request_complement', 'complete', 'opine_favourably', 'opine_with_reserves', 'opine_unfavourably', 'accept', 'refuse', 'refuse_for_good', 'revise', 'publish', 'retire', 'withdraw']


Field: TypeAlias = str


class TrainingTransitionAsked(TypedDict):
    """
    What to do with a proposal, and why; `fields` are the places that a complement is about.
    """

    fields: NotRequired[list[Field]]
    name: TrainingTransitionInput
    reason: NotRequired[str | None]


class TrainingUnavailable(TypedDict):
    """
    A part that a neighbour could not give.
    """

    part: str
    reason: str


class TrainingUnavailableRead(TypedDict):
    """
    A part that a neighbour could not give; what is shown of it was read before.
    """

    part: str
    reason: str


class TrainingUnderstood(TypedDict):
    """
    How the words were read; `matched` is `some` where too little has all of them.
    """

    corrected: list[TrainingCorrection]
    matched: Literal['all', 'some'] | None
    words: list[str]


class TrainingVersionRead(TypedDict):
    """
    A release of a nomenclature; `licence` is null where its source states none.
    """

    concepts: int
    licence: str | None
    producer: str
    released_on: str
    scheme: Literal['rome', 'nsf', 'formacode', 'esco', 'geography', 'rome-skill', 'ai-skill']
    title: str
    version: str


class TrainingVolumeRead(TypedDict):
    """
    How many records of a family the catalogue held, and how many came.
    """

    family: str
    found: int
    held: int


class TrainingWeights(TypedDict):
    """
    How much each part of a score counts; only their proportions matter.
    """

    coverage: NotRequired[float]
    demand: NotRequired[float]
    efficiency: NotRequired[float]
    proximity: NotRequired[float]


class TrainingWithdrawal(TypedDict):
    """
    Why a certification leaves the catalogue; whoever follows the feed reads it.
    """

    reason: str


class TrainingWithdrawnRead(TypedDict):
    """
    The tombstone, as the feed has it.
    """

    number: str
    predecessors: list[str]
    reason: str
    successors: list[str]
    withdrawn_on: str


TrainingtrainingCertificationsLifecycleState: TypeAlias = Literal['upcoming', 'active', 'delivery_only', 'inactive', 'unknown']


class TrainingtrainingCertificationsSchemasTermRead(TypedDict):
    """
    A code of a nomenclature with the label of the source's vintage.
    """

    code: str
    label: str


class TrainingtrainingCoverageSchemasGap(TypedDict):
    """
    A job that no open offer answers; `rank` 1 has the most exposed employment.
    """

    basis: str
    certifications: TrainingCertificationCounts
    code: str
    elsewhere: int
    employment: float | None
    exposure: TrainingJobExposureRead | None
    kind: Literal['existing', 'emerging']
    label: str
    missing: Literal['offer', 'certification']
    rank: int
    reading: str


class TrainingtrainingExpiriesSchemasReplacementRead(TypedDict):
    """
    A certification to offer instead, in force when the session begins.
    """

    blocs_left: list[str]
    blocs_recognised: list[str]
    distance: int | None
    enrolment_ends_on: str | None
    explanation: str
    number: str
    relation: Literal['successor', 'equivalent']
    title: TrainingTitleOutput
    whole: bool


TrainingtrainingExpiriesStagesHit: TypeAlias = Literal['starts_after_end', 'enrolment_open_after_end', 'ends_after_delivery']


TrainingtrainingHabilitationsRulesReason: TypeAlias = Literal['certifying_body', 'partner', 'inactive', 'undated', 'other_establishment', 'unidentified', 'partners_unknown', 'not_listed']


class TrainingtrainingHabilitationsSchemasOrganisationRead(TypedDict):
    """
    A certifying body or a partner, as the directory has it; no SIRET where it gives none.
    """

    active_on: bool | None
    active_since: str | None
    kind: Literal['certifying_body', 'partner']
    name: str
    role: Literal['train', 'assess', 'both']
    siret: str | None
    state: Literal['active', 'inactive']
    state_since: str | None


class TrainingtrainingImportsSchemasSaid(TypedDict):
    """
    A sentence in both languages.
    """

    en: str
    fr: str


class TrainingtrainingOeapiSchemasSaid(TypedDict):
    """
    A LanguageTypedString.
    """

    language: str
    value: str


TrainingtrainingOpeningsRulesReason: TypeAlias = Literal['session_ended', 'session_begun', 'recruitment_closed', 'recruitment_suspended', 'enrolment_not_begun', 'enrolment_ended', 'certification_closed', 'certification_unknown']


TrainingtrainingProposalsStatesState: TypeAlias = Literal['draft', 'submitted', 'admissible', 'inadmissible', 'under_review', 'complement_requested', 'opinion_favourable', 'opinion_reserved', 'opinion_unfavourable', 'accepted', 'refused', 'refused_for_good', 'published', 'withdrawn_by_author']


TrainingtrainingProposalsStatesTransition: TypeAlias = Literal['submit', 'admit', 'reject', 'start_review', 'request_complement', 'complete', 'opine_favourably', 'opine_with_reserves', 'opine_unfavourably', 'accept', 'refuse', 'refuse_for_good', 'revise', 'publish', 'retire', 'withdraw']


class TrainingtrainingRecommendationsAnswersGap(TypedDict):
    """
    A skill that the job wants: how much, how much is held, what is missing.
    """

    essential: bool
    gap: float
    held: int
    presumed: bool
    required: int
    skill: TrainingNamed
    weight: float


class TrainingtrainingRecommendationsTransitionsTransition(TypedDict):
    """
    A job that the present one leads to, the least exposed first.
    """

    certifications: list[TrainingCertificationLead]
    difference: float | None
    exposure: float | None
    job: TrainingNamed
    shared: int | None
    similarity: float | None
    to_gain: list[TrainingNamed]


class TrainingtrainingReferencesSchemasReplacementRead(TypedDict):
    """
    What took the place of a code, after how many steps; label null where it is not held.
    """

    code: str
    distance: int
    label: TrainingLabelRead | None
    status: Literal['current', 'obsolete', 'upcoming'] | None


class TrainingtrainingReferencesSchemasTermRead(TypedDict):
    """
    A code and its label.
    """

    code: str
    label: TrainingLabelRead


class TrainingtrainingThesisCampaignsSchemasOrganisationRead(TypedDict):
    """
    Who takes part, by the code that a subject names it by.
    """

    code: str
    kind: Literal['unit', 'doctoral_school', 'institution']
    name: str


class DiagnosticAction(TypedDict):
    """
    A step of the roadmap, in its order.
    """

    certifications: NotRequired[list[DiagnosticCertification]]
    effort: str
    fundings: NotRequired[list[DiagnosticFunding]]
    gain: float
    horizon_months: int
    how: list[str]
    impact: int
    position: int
    quadrant: str
    title: str
    why: str


class DiagnosticActionState(TypedDict):
    """
    What the company makes of an action; the days are days in Paris, the due one its last.
    """

    allowed: list[DiagnosticActionStatus]
    changed_at: str
    code: str
    due_on: str | None
    effort: Literal['XS', 'S', 'M', 'L', 'XL']
    id: str
    impact: int
    is_own: bool
    note: str | None
    owner_id: str | None
    position: int
    prerequisites: list[str]
    progress: int
    reason: str | None
    starts_on: str | None
    status: DiagnosticActionStatus
    title: str
    version: int
    waiting_for: list[str]
    without: list[str]


class DiagnosticBand(TypedDict):
    """
    Points from `start` (included; null: no lower end) to the next band's start (excluded).
    """

    label: NotRequired[DiagnosticLabel | None]
    points: float
    start: float | None


class DiagnosticBenchmarkRead(TypedDict):
    """
    Where a company stands among its peers, itself left out.

    Or, in `reason`, why that is not shown, and then there is no figure at all.
    """

    as_of: str | None
    assessment_id: str
    dimensions: list[DiagnosticDimensionStanding]
    group: DiagnosticGroupRead | None
    k: int | None
    language: Literal['fr', 'en']
    n: int | None
    overall: DiagnosticStandingRead | None
    peers: Literal['auto', 'sector', 'size', 'region', 'programme', 'cohort']
    reason: str | None
    snapshot_id: str | None
    status: Literal['shown', 'insufficient_peers', 'not_final', 'not_comparable']


class DiagnosticBoolean(TypedDict):
    """
    Yes is 1, no is 0.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['boolean']
    weight: NotRequired[float]


class DiagnosticCohortMovement(TypedDict):
    """
    What changed from T0 to T1 for companies scored in one way, never fewer than k.
    """

    companies: int
    dimensions: list[DiagnosticMedianRead]
    median: int
    moves: DiagnosticMoves
    questionnaire: str
    scoring_hash: str


class DiagnosticCohortProgress(TypedDict):
    """
    How far a cohort is.

    A facilitator's counts are exact. Who takes part reads about the others, rounded down to
    multiples of five, and no movement: its restitution at T1 tells it, frozen. Movement is of
    those who consent to be compared and whose T0 and T1 are of the cohort, of k at least.
    """

    actions: DiagnosticActionCounts
    as_of: str
    code: str
    cohort_id: str
    companies: int
    k: int
    movements: list[DiagnosticCohortMovement]
    steps: DiagnosticSteps
    title: str
    view: Literal['facilitator', 'participant']


class DiagnosticCompanyWeek(TypedDict):
    """
    How far a company is: never what it answered.
    """

    assessment_id: str | None
    assessment_status: str | None
    attendance: DiagnosticAttendanceCount
    completion: float
    enrolment: str
    milestones: list[DiagnosticMilestoneRead]
    name: str
    organisation_id: str
    seat_no: int


class DiagnosticComparisonRead(TypedDict):
    """
    What changed from `before` to `after`; without figures when the two are not comparable.
    """

    after: DiagnosticSide
    before: DiagnosticSide
    comparable: bool
    dimensions: list[DiagnosticDimensionChange]
    language: Literal['fr', 'en']
    questions: list[DiagnosticQuestionChange]
    reasons: list[DiagnosticObstacle]
    score: DiagnosticChangeRead | None


class DiagnosticConsolidate(TypedDict):
    """
    Which questions to settle, and how.
    """

    decisions: list[DiagnosticDecision]


class DiagnosticCrosswalkReading(TypedDict):
    """
    A diagnostic read as another method; no overall score unless every item is told.
    """

    assessment_id: str
    crosswalk: str
    dimensions: list[DiagnosticdiagnosticCrosswalksSchemasDimensionRead]
    exact: str | None
    note: str
    questionnaire: DiagnosticGridRef
    score: float | None
    title: str
    to_ask: list[str]
    verified: bool


class DiagnosticDashboard(TypedDict):
    """
    A cohort's week as its facilitator follows it.
    """

    as_of: str
    capacity: int
    code: str
    cohort_id: str
    companies: list[DiagnosticCompanyWeek]
    completed: int
    mean_completion: float
    milestones: list[DiagnosticMilestoneCount]
    next_session: DiagnosticSessionRead | None
    seats_taken: int
    sessions: list[DiagnosticSessionAttendance]
    status: str
    title: str
    waitlisted: int


class DiagnosticDate(TypedDict):
    """
    An ISO 8601 calendar date; never scores.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['date']
    weight: NotRequired[float]


class DiagnosticDimension(TypedDict):
    """
    An axis of the radar; `levels` interprets it, one text per level of the profile.
    """

    code: str
    core: NotRequired[bool]
    levels: NotRequired[dict[str, DiagnosticLabel]]
    order: NotRequired[int]
    summary: NotRequired[DiagnosticLabel | None]
    title: DiagnosticLabel
    weight: NotRequired[float]


class DiagnosticDimensionState(TypedDict):
    """
    How sure the answers of one axis are, 1 to 5 on average, and what backs them.
    """

    code: str
    confidence: float | None
    confidence_exact: str | None
    confident_answers: int
    evidence: DiagnosticEvidenceShares | None


class DiagnosticDraftRead(TypedDict):
    """
    A draft as it was stored, with what the lint says of it.
    """

    code: str
    content_hash: str
    created_at: str
    edited_at: str | None
    lint: DiagnosticLintReport
    published_at: str | None
    question_count: int
    scoring_hash: str
    status: Literal['draft', 'in_review', 'published', 'superseded', 'retired']
    version: str


class DiagnosticEligibilityRead(TypedDict):
    """
    Unknown is neither yes nor no: the facts of `missing` decide, in this order.
    """

    failed: list[DiagnosticRuleRead]
    missing: list[DiagnosticMissingFact]
    status: Literal['eligible', 'ineligible', 'unknown']
    window: Literal['upcoming', 'open', 'closed']


class DiagnosticEvidenceRead(TypedDict):
    """
    A piece of evidence; `counts_as` says what it does for its answer today, in Paris.
    """

    action_id: str | None
    assessment_id: str
    counts_as: Literal['nothing', 'document', 'verified']
    created_at: str
    id: str
    is_expired: bool
    kind: DiagnosticEvidenceKind
    media_type: str
    polarity: DiagnosticPolarity
    question: str | None
    sha256: str
    size: int
    title: str
    valid_until: str | None
    verified_at: str | None
    version: int


class DiagnosticEvidenceUpdate(TypedDict):
    """
    What to change of a piece of evidence; a field left out stays.
    """

    kind: NotRequired[DiagnosticEvidenceKind]
    polarity: NotRequired[DiagnosticPolarity]
    title: NotRequired[str]
    valid_until: NotRequired[str | None]


class DiagnosticExplanationRead(TypedDict):
    """
    Why the score is what it is; empty while it is provisional.
    """

    questions: list[DiagnosticContributionRead]
    robustness: DiagnosticRobustnessRead | None
    total: float | None
    total_exact: str | None


class DiagnosticFile(TypedDict):
    """
    A piece of evidence, answered with its UUID; `kinds` are told by content; never scores.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    kinds: NotRequired[list[Literal['pdf', 'png', 'jpeg', 'docx', 'xlsx']]]
    label: DiagnosticLabel
    max_bytes: NotRequired[int]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['file']
    weight: NotRequired[float]


class DiagnosticFreeText(TypedDict):
    """
    A text of at most `max_length` characters, in a tall field if `multiline`; never scores.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    max_length: NotRequired[int]
    multiline: NotRequired[bool]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['text']
    weight: NotRequired[float]


class DiagnosticHeatMap(TypedDict):
    """
    A cohort's restitution; or, in `reason`, why it is not shown, and then there is no figure.
    """

    as_of: str | None
    cohort: str
    cohort_id: str
    dimensions: list[DiagnosticHeatMapLine]
    k: int | None
    language: Literal['fr', 'en']
    levels: list[DiagnosticdiagnosticHeatMapsSchemasLevelRead]
    milestone: Literal['T0', 'T1', 'T2', 'ad_hoc']
    n: int | None
    overall: DiagnosticHeatMapLine | None
    reason: str | None
    status: Literal['shown', 'suppressed']


class DiagnosticImportCheck(TypedDict):
    """
    What a file would become; nothing is stored.
    """

    code: str
    content_hash: str
    lint: DiagnosticPlacedReport
    losses: list[DiagnosticLoss]
    question_count: int
    scoring_hash: str
    version: str


class DiagnosticImportedDraft(TypedDict):
    """
    The draft that a file became, what the lint says of it, and what was lost on the way.
    """

    code: str
    content_hash: str
    created_at: str
    edited_at: str | None
    lint: DiagnosticPlacedReport
    losses: list[DiagnosticLoss]
    published_at: str | None
    question_count: int
    scoring_hash: str
    status: Literal['draft', 'in_review', 'published', 'superseded', 'retired']
    version: str


class DiagnosticItem(TypedDict):
    """
    A question of the other method; with no question of ours it remains to be asked.
    """

    code: str
    questions: list[str]
    title: DiagnosticLabel


class DiagnosticJourneyGroup(TypedDict):
    """
    How far the companies of a group are.
    """

    actions: DiagnosticActionCounts
    companies: int
    department: str | None
    level: Literal['programme', 'department', 'size', 'section']
    section: str | None
    size_band: str | None
    steps: DiagnosticSteps
    title: str


class DiagnosticMatchRead(TypedDict):
    """
    Who can help whom with what, and why.
    """

    asker: DiagnosticCompany
    dimension: DiagnosticdiagnosticPoolingSchemasDimensionRead
    helper: DiagnosticCompany
    reason: str
    strength: Literal['strong', 'solid', 'offered']


class DiagnosticMatrix(TypedDict):
    """
    The mean of rows on one scale; with `allow_row_na`, a null row leaves the mean.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    allow_row_na: NotRequired[bool]
    anchors: NotRequired[list[DiagnosticLabel]]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    maximum: NotRequired[int]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    rows: list[DiagnosticRow]
    type: Literal['matrix']
    weight: NotRequired[float]


class DiagnosticMilestones(TypedDict):
    """
    The week of the companies of a cohort that the caller may see.
    """

    as_of: str
    cohort_id: str
    companies: list[DiagnosticCompanyWeek]


class DiagnosticMovementGroup(TypedDict):
    """
    What changed from T0 to T1 for the companies of a group that have both.
    """

    companies: int
    department: str | None
    dimensions: list[DiagnosticMedianRead]
    level: Literal['programme', 'department', 'size', 'section']
    median: int
    moves: DiagnosticMoves
    section: str | None
    size_band: str | None
    title: str


class DiagnosticMovementsRead(TypedDict):
    """
    Changes from T0 to T1 on one scoring.
    """

    groups: list[DiagnosticMovementGroup]
    questionnaire: str
    scoring_hash: str


class DiagnosticMultiple(TypedDict):
    """
    Any options; r = points / `max_points` (default: all positive points), within 0..1.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    label: DiagnosticLabel
    max_points: NotRequired[float | None]
    options: list[DiagnosticOption]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['multiple']
    weight: NotRequired[float]


class DiagnosticNumber(TypedDict):
    """
    A number within bounds; scores by its half-open bands, like a single choice among them.
    """

    allow_dk: NotRequired[bool]
    allow_na: NotRequired[bool]
    bands: NotRequired[list[DiagnosticBand]]
    code: str
    dimension: NotRequired[str | None]
    enable_when: NotRequired[str | None]
    help: NotRequired[DiagnosticLabel | None]
    integer: NotRequired[bool]
    label: DiagnosticLabel
    maximum: NotRequired[float | None]
    minimum: NotRequired[float | None]
    prefill: NotRequired[Literal['naf_code', 'naf_division', 'size_band', 'headcount', 'region_code', 'postcode'] | None]
    required: NotRequired[bool]
    type: Literal['number']
    unit: NotRequired[DiagnosticLabel | None]
    weight: NotRequired[float]


class DiagnosticOpportunity(TypedDict):
    """
    A funding as its operator publishes it; a figure nobody published is null, with a note.

    Days and hours are those of Paris. Without `rules_complete`, its rules are not all known or not
    all facts, so nobody is told yes.
    """

    cap_eur: NotRequired[float | None]
    closes_on: NotRequired[str | None]
    closes_time: NotRequired[str | None]
    code: str
    is_call_for_projects: NotRequired[bool]
    nature: Literal['grant', 'loan', 'expert', 'voucher', 'training', 'tax_credit']
    note: NotRequired[DiagnosticLabel | None]
    opens_on: NotRequired[str | None]
    opens_time: NotRequired[str | None]
    operator: DiagnosticLabel
    perimeter: NotRequired[DiagnosticPerimeter | None]
    pre_deposit_on: NotRequired[str | None]
    pre_deposit_time: NotRequired[str | None]
    rate_max: NotRequired[float | None]
    rate_min: NotRequired[float | None]
    recurrence: NotRequired[Literal['one_off', 'ongoing', 'recurring'] | None]
    rules: NotRequired[list[DiagnosticRule]]
    rules_complete: NotRequired[bool]
    source: str
    source_url: NotRequired[str | None]
    summary: DiagnosticLabel
    title: DiagnosticLabel
    vintage: str


class DiagnosticOpportunityContent(TypedDict):
    """
    An aid of yours as you wrote it.
    """

    code: str
    content: DiagnosticOpportunity
    status: Literal['draft', 'published', 'withdrawn']
    updated_at: str
    version: int


class DiagnosticOpportunityRead(TypedDict):
    """
    A public aid; a null rate or cap was not published, and `note` says what was.

    `opens_at` is its first instant, `pre_deposit_ends_at` and `closes_at` the first too late.
    """

    cap_eur: float | None
    closes_at: str | None
    closes_on: str | None
    closes_time: str | None
    code: str
    is_call_for_projects: bool
    nature: str
    note: str | None
    opens_at: str | None
    opens_on: str | None
    opens_time: str | None
    operator: str
    perimeter: DiagnosticPerimeterRead | None
    pre_deposit_ends_at: str | None
    pre_deposit_on: str | None
    pre_deposit_time: str | None
    rate_max: float | None
    rate_min: float | None
    recurrence: Literal['one_off', 'ongoing', 'recurring'] | None
    required_facts: list[str]
    rules: list[DiagnosticRuleRead]
    source: str
    source_url: str | None
    summary: str
    title: str
    version: int
    vintage: str
    window: Literal['upcoming', 'open', 'closed']


class DiagnosticOpportunityWrite(TypedDict):
    """
    An aid, whole; what its operator did not publish stays out, or is null.
    """

    cap_eur: NotRequired[float | None]
    closes_on: NotRequired[str | None]
    closes_time: NotRequired[str | None]
    code: str
    is_call_for_projects: NotRequired[bool]
    nature: Literal['grant', 'loan', 'expert', 'voucher', 'training', 'tax_credit']
    note: NotRequired[DiagnosticLabel | None]
    opens_on: NotRequired[str | None]
    opens_time: NotRequired[str | None]
    operator: DiagnosticLabel
    perimeter: NotRequired[DiagnosticPerimeter | None]
    pre_deposit_on: NotRequired[str | None]
    pre_deposit_time: NotRequired[str | None]
    rate_max: NotRequired[float | None]
    rate_min: NotRequired[float | None]
    recurrence: NotRequired[Literal['one_off', 'ongoing', 'recurring'] | None]
    rules: NotRequired[list[DiagnosticRule]]
    rules_complete: NotRequired[bool]
    source: str
    source_url: str
    summary: DiagnosticLabel
    title: DiagnosticLabel
    vintage: str


class DiagnosticPageEvidenceRead(TypedDict):
    items: list[DiagnosticEvidenceRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageOpportunityRead(TypedDict):
    items: list[DiagnosticOpportunityRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageQuestionnaireSummary(TypedDict):
    items: list[DiagnosticQuestionnaireSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageRespondentRead(TypedDict):
    items: list[DiagnosticRespondentRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageSessionRead(TypedDict):
    items: list[DiagnosticSessionRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageShareLinkRead(TypedDict):
    items: list[DiagnosticShareLinkRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageStatisticsDay(TypedDict):
    items: list[DiagnosticStatisticsDay]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPlanAsked(TypedDict):
    """
    Where to get, and what there is to get there with.
    """

    capacity: list[CapacityItem]
    deadlines: NotRequired[dict[str, str]]
    dimensions: NotRequired[dict[str, DiagnosticTarget] | None]
    efforts: NotRequired[DiagnosticEfforts]
    exclude: NotRequired[list[ExcludeItem]]
    first_quarter: NotRequired[str | None]
    require: NotRequired[list[RequireItem]]
    target: NotRequired[DiagnosticTarget | None]


class DiagnosticPlanQuarter(TypedDict):
    """
    A quarter, and the score at its end by the engine, of all that has ended by then.
    """

    begins: list[str]
    capacity: int
    dimensions: list[DiagnosticDimensionPoints]
    ends: list[str]
    ends_on: str
    level: DiagnosticdiagnosticScoresSchemasLevelRead | None
    quarter: str
    reached: bool
    score: float | None
    starts_on: str
    status: Literal['final', 'provisional']
    used: float


class DiagnosticPlanRead(TypedDict):
    """
    The plan of least effort; `proven` says that no other takes less. Nothing is stored.
    """

    actions: list[DiagnosticPlannedAction]
    assessment_id: str
    done: list[str]
    effort: DiagnosticPlanEffort
    excluded: list[str]
    left_out: list[str]
    proven: bool
    quarters: list[DiagnosticPlanQuarter]
    roadmap_id: str
    targets: list[DiagnosticPlanTarget]


class DiagnosticProgrammeRead(TypedDict):
    """
    A programme, with its title in both languages.
    """

    code: str
    id: str
    title: DiagnosticProgrammeTitle


class DiagnosticQuarterSteps(TypedDict):
    """
    How many companies took each step in a quarter, `2026-Q4`, days in Paris.
    """

    quarter: str
    steps: DiagnosticSteps


class DiagnosticQuestionConsolidation(TypedDict):
    """
    One question: what it has, what is proposed, and whether the respondents disagree.
    """

    code: str
    dimension: str | None
    disagreement: bool
    present: DiagnosticPresent | None
    proposed: DiagnosticProposed | None
    respondents: DiagnosticCounts
    split: list[DiagnosticSplitLine] | None
    type: str


class DiagnosticQuestionRead(TypedDict):
    """
    How the words were read; `matched` is `some` where some hits lack a word.
    """

    corrected: list[DiagnosticWordCorrected]
    matched: Literal['all', 'some'] | None
    words: list[str]


class DiagnosticReminderRead(TypedDict):
    """
    What was told of an action, and how it stands now; days are days in Paris.
    """

    about_on: str
    action_id: str
    assessment_id: str
    at: str
    code: str
    due_on: str | None
    id: str
    organisation_id: str
    stage: DiagnosticStage
    status: DiagnosticActionStatus
    still_holds: bool
    title: str


class DiagnosticReport(TypedDict):
    """
    One delivered diagnostic; `computed_at` dates the document, so that it never changes.
    """

    actions: NotRequired[list[DiagnosticAction]]
    axes: list[DiagnosticAxis]
    being_amended: NotRequired[bool]
    capped_by: NotRequired[str | None]
    caps: NotRequired[DiagnosticCaps | None]
    complete: NotRequired[bool]
    computed_at: str
    coverage: NotRequired[float]
    dont_know: NotRequired[list[str]]
    engine_version: str
    exact: NotRequired[str | None]
    grid: str
    grid_version: str
    identifiers: list[str]
    interval: tuple[float, float] | None
    known_share: NotRequired[float | None]
    language: Literal['fr', 'en']
    level: str | None
    levels: list[str]
    milestone: str
    more_actions: NotRequired[list[str]]
    organisation: str
    parts: NotRequired[list[DiagnosticPart]]
    peers: NotRequired[DiagnosticPeers | None]
    profile: str
    result_hash: str
    revision: NotRequired[int]
    robustness: NotRequired[DiagnosticRobustness | None]
    score: float | None
    score_after: NotRequired[float | None]
    thresholds: list[float]
    unavailable: NotRequired[list[str]]
    uncapped_level: NotRequired[str | None]
    uncounted: NotRequired[list[DiagnosticUncounted]]


class DiagnosticRevisionListed(TypedDict):
    """
    A revision: its frozen score in short, null while it is open, and its steps in order.
    """

    computed_at: str | None
    engine_version: str | None
    level: str | None
    result_hash: str | None
    revision: int
    score: float | None
    score_id: str | None
    steps: list[DiagnosticStepRead]


class DiagnosticSearchHit(TypedDict):
    """
    A name that was found, in the language asked.
    """

    code: str
    label: str
    level: str | None
    marked: NotRequired[list[DiagnosticSpan]]
    match: Literal['exact', 'all', 'some']
    score: float


class DiagnosticSectorBenchmark(TypedDict):
    """
    Where the companies of a NAF section stand; `reason` says why none of its groups is shown.
    """

    groups: list[DiagnosticSectorGroup]
    language: Literal['fr', 'en']
    questionnaire: str
    reason: str | None
    region_code: str
    section: str
    status: Literal['shown', 'insufficient_peers']
    title: str


class DiagnosticSessionCreate(TypedDict):
    """
    One more session, on a day of the cohort.
    """

    ends_at: str
    kind: NotRequired[DiagnosticSessionKind]
    online_url: NotRequired[str | None]
    place: NotRequired[str | None]
    starts_at: str
    title: NotRequired[str | None]


class DiagnosticStanding(TypedDict):
    """
    A global score and its level, null while provisional, and the interval it lies in.
    """

    capped_by: str | None
    exact: str | None
    interval: tuple[float, float] | None
    level: DiagnosticdiagnosticScoresSchemasLevelRead | None
    score: float | None
    status: str


class DiagnosticStatisticsRead(TypedDict):
    """
    The figures of a programme as they were published on a day, for good.
    """

    as_of: str
    cohorts: DiagnosticCohortCounts
    groups: list[DiagnosticJourneyGroup]
    k: int
    language: Literal['fr', 'en']
    licence: str
    made_at: str
    method: str
    movements: list[DiagnosticMovementsRead]
    permalink: str
    programme: str
    reading_key: list[str]
    scores: list[DiagnosticScoresRead]
    title: str


class DiagnosticSummaryAssessment(TypedDict):
    """
    The latest submitted diagnostic, else the latest begun; no score before the submission.
    """

    actions: list[DiagnosticSummaryAction]
    complete: bool | None
    dimensions: list[DiagnosticSummaryDimension]
    id: str
    level: DiagnosticSummaryLevel | None
    milestone: str
    progress: DiagnosticProgressRead | None
    questionnaire: str
    score: float | None
    started_at: str
    status: str
    submitted_at: str | None
    version: str


class DiagnosticVersionRead(TypedDict):
    """
    An aid as it was public then, its window as of now.
    """

    content_hash: str
    opportunity: DiagnosticOpportunityRead
    published_at: str
    version: int


class DiagnosticWhatIfRead(TypedDict):
    """
    What all of it together would change: gains are by re-running the score, never summed.

    `gain` is in points of the global score; while a score is provisional, of its low end.
    """

    assessment_id: str
    changed: list[str]
    dimensions: list[DiagnosticDimensionShift]
    gain: float | None
    gain_exact: str | None
    hidden: list[str]
    now: DiagnosticStanding
    shown: list[str]
    then: DiagnosticStanding


class DiagnosticWishRead(TypedDict):
    """
    A wish for which nobody was found.
    """

    asker: DiagnosticCompany
    dimension: DiagnosticdiagnosticPoolingSchemasDimensionRead


class DiagnosticdiagnosticScoresSchemasDimensionRead(TypedDict):
    """
    An axis: its score once final, its interval before; both null when not assessable.
    """

    code: str
    coverage: float | None
    evidence: NotRequired[DiagnosticEvidenceShares | None]
    exact: str | None
    gap: float | None
    interval: tuple[float, float] | None
    known_share: float | None
    level: DiagnosticdiagnosticScoresSchemasLevelRead | None
    score: float | None
    status: Literal['final', 'provisional', 'not_assessable']
    target: float | None
    text: str | None
    title: str


class GatewayCertificationOverview(TypedDict):
    """
    A certification: what it is, whether it goes on, its jobs' exposure, next sessions.
    """

    certification: NotRequired[GatewayPartRead | None]
    continuity: NotRequired[GatewayPartRead | None]
    jobs: NotRequired[GatewayPartRead | None]
    sessions: NotRequired[GatewayPartRead | None]
    unavailable: list[GatewayGapRead]


class GatewayDoorRead(TypedDict):
    """
    One process of the gateway since its start; others have a state of their own.
    """

    connections: int
    connections_refused: int
    draining: bool
    inside: int
    shed: dict[str, int]
    upstreams: list[GatewayUpstreamRead]


class GatewayJobOverview(TypedDict):
    """
    A job: exposure by one index and by several, where it leads, what leads to it, open calls.
    """

    calls: NotRequired[GatewayPartRead | None]
    certifications: NotRequired[GatewayPartRead | None]
    exposure: NotRequired[GatewayPartRead | None]
    mobilities: NotRequired[GatewayPartRead | None]
    range: NotRequired[GatewayPartRead | None]
    sessions: NotRequired[GatewayPartRead | None]
    unavailable: list[GatewayGapRead]


class GatewayKindRead(TypedDict):
    """
    A kind: how many hits there are in all, who counted them and when, where they go on.
    """

    as_of: str
    corrected: list[GatewayWordCorrected]
    count: int
    href: str
    kind: Literal['jobs', 'certifications', 'offers', 'sectors', 'territories', 'indicators', 'opportunities']
    matched: Literal['all', 'some'] | None
    source: str


class GatewayOrganisationOverview(TypedDict):
    """
    A company: diagnostic, roadmap, peers, funding, open calls, surroundings, what to learn.
    """

    benchmark: NotRequired[GatewayPartRead | None]
    calls: NotRequired[GatewayPartRead | None]
    certifications: NotRequired[GatewayPartRead | None]
    funding: NotRequired[GatewayPartRead | None]
    organisation: NotRequired[GatewayPartRead | None]
    roadmap: NotRequired[GatewayPartRead | None]
    sector: NotRequired[GatewayPartRead | None]
    territory: NotRequired[GatewayPartRead | None]
    unavailable: list[GatewayGapRead]


class GatewayPageWebhookRead(TypedDict):
    items: list[GatewayWebhookRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class GatewaySearchRead(TypedDict):
    """
    The best hits of all kinds, the counts of each, and what could not be asked.
    """

    items: list[GatewayFoundRead]
    kinds: list[GatewayKindRead]
    unavailable: list[GatewayGapRead]


class ObservatoryAggregate(TypedDict):
    """
    A function of the figures of an indicator, by group, in the order of the codes.
    """

    by: list[str]
    dataflow: str
    decimals: int
    function: Literal['mean', 'sum', 'min', 'max', 'count']
    groups: list[ObservatoryAggregateGroup]
    indicator: str
    licence: str
    name: str
    note: str
    release: ObservatoryobservatoryObservationsSchemasReleaseShown
    unit: str


ObservatoryAgreement = TypedDict(
    'ObservatoryAgreement',
    {
        'class': ObservatoryobservatoryIndicesSchemasClassRead,
        'methods': int,
        'of': int,
    },
)


class ObservatoryAnnouncement(TypedDict):
    """
    A release to come.
    """

    dataflow: str
    period: NotRequired[str | None]
    scheduled_at: str
    title: ObservatoryNames


class ObservatoryAnnouncementRead(TypedDict):
    """
    A release in the calendar.
    """

    agency: str
    dataflow: str
    dates: list[ObservatoryDateRead]
    id: str
    ordinal: int
    period: str | None
    published_at: str | None
    punctuality: ObservatoryPunctuality | None
    scheduled_at: str
    state: Literal['announced', 'late', 'published', 'cancelled']
    title: ObservatoryBilingual
    version: int


class ObservatoryAttribute(TypedDict):
    """
    What is said about observations beside their value.

    `observation`: a column of the file, one of the names that the store knows. `dimension`: told
    by the code of one dimension. `dataflow`: the same for all.
    """

    codelist: NotRequired[str | None]
    dimension: NotRequired[str | None]
    id: str
    level: Literal['observation', 'dimension', 'dataflow']
    name: ObservatoryNames
    values: NotRequired[dict[str, str]]


class ObservatoryAxisRead(TypedDict):
    """
    A dimension of the analysis, assessed.
    """

    cells: list[ObservatoryobservatoryGridsSchemasCell]
    id: str
    level: ObservatoryLevelRead | None
    name: str
    rule: Literal['highest', 'lowest', 'median', 'most_frequent']


class ObservatoryBoundsInput(TypedDict):
    """
    The values of a class; null is no end, `includes` says which of its bounds are in it.
    """

    id: str
    includes: NotRequired[Literal['lower', 'upper', 'both', 'neither']]
    lower: NotRequired[float | None]
    name: ObservatoryNames
    reading: ObservatoryNames
    upper: NotRequired[float | None]


class ObservatoryByHires(TypedDict):
    """
    A division by the jobs it hires.
    """

    mean: float
    method: ObservatoryobservatoryIndicesSchemasVersioned
    rank: int


class ObservatoryByIndustry(TypedDict):
    """
    A division by an index of industries, on the index's own scale.
    """

    method: ObservatoryobservatoryIndicesSchemasVersioned
    rank: int
    value: float


class ObservatoryCancellation(TypedDict):
    """
    Why an announced release will not appear.
    """

    reason: ObservatoryNames


class ObservatoryCellRead(TypedDict):
    """
    A national cell as the next run would publish it, with the arithmetic behind it.
    """

    areas: list[ObservatoryAreaFigure]
    ci_high: float | None
    ci_low: float | None
    coverage: float
    denominator: float | None
    key: dict[str, str]
    numerator: float | None
    outcome: ObservatoryOutcome
    period: str
    se: float | None
    value: float | None


class ObservatoryCode(TypedDict):
    """
    A code; codes are text, `02` and `2A` stay what they are.
    """

    id: str
    name: ObservatoryNames
    parent: NotRequired[str | None]


class ObservatoryCodeMap(TypedDict):
    """
    A crosswalk between two code lists; the weights of each source code sum to one.
    """

    basis: NotRequired[str | None]
    description: NotRequired[ObservatoryNames | None]
    id: str
    mappings: list[ObservatoryMapping]
    name: ObservatoryNames
    source: str
    target: str
    version: NotRequired[str]


class ObservatoryCodelist(TypedDict):
    """
    The codes that a dimension or attribute may take, as a hierarchy by their parents.
    """

    codes: list[ObservatoryCode]
    description: NotRequired[ObservatoryNames | None]
    id: str
    name: ObservatoryNames
    version: NotRequired[str]


class ObservatoryCommitmentDraft(TypedDict):
    """
    Money of a funder, promised on a line to an organisation.
    """

    amount: str
    dated_on: str
    funder: str
    line: str
    payee: ObservatoryPayee
    reason: str


class ObservatoryConcept(TypedDict):
    """
    What a dimension or an attribute means.
    """

    description: NotRequired[ObservatoryNames | None]
    id: str
    name: ObservatoryNames


class ObservatoryConceptScheme(TypedDict):
    """
    Concepts that data structures use.
    """

    concepts: list[ObservatoryConcept]
    description: NotRequired[ObservatoryNames | None]
    id: str
    name: ObservatoryNames
    version: NotRequired[str]


class ObservatoryConformanceReport(TypedDict):
    """
    Certificate of a region that came up from a kit: it computes as the kit says it must.

    Signed by the node (Ed25519 over the RFC 8785 form of all but `signature`). `passed` is what
    the vectors say, and every installed method has at least one.
    """

    at: str
    base_url: str
    document: Literal['vigie-conformance-report/1']
    key_id: str
    kit: ObservatoryKitReference
    methods: dict[str, str]
    node: str
    passed: bool
    region: str
    signature: str
    vectors: list[ObservatoryVectorResult]


class ObservatoryCriterion(TypedDict):
    """
    A question that a measured figure answers: an indicator, read with a key.
    """

    id: str
    indicator: str
    key: NotRequired[dict[str, str]]
    levels: dict[str, str]
    question: ObservatoryNames
    reading_key: str
    unit: str


class ObservatoryDataflow(TypedDict):
    """
    Data that are published under one structure, with their licence and theme.
    """

    accrual_periodicity: NotRequired[Literal['annual', 'quarterly', 'monthly', 'weekly', 'daily', 'irregular']]
    description: NotRequired[ObservatoryNames | None]
    id: str
    licence: str
    name: ObservatoryNames
    protection: NotRequired[ObservatoryProtection | None]
    source: str
    structure: str
    theme: NotRequired[str | None]
    version: NotRequired[str]


class ObservatoryDataflowItem(TypedDict):
    """
    A dataflow, short form.
    """

    agency: str
    deprecated: ObservatoryobservatoryStructuresSchemasDeprecated | None
    id: str
    licence: str
    name: str
    urn: str
    version: str


class ObservatoryDatasetRead(TypedDict):
    """
    A loaded table: producer, vintage, licence, and which bytes were loaded.
    """

    citation: str
    derived: str
    files: list[ObservatoryFileRead]
    licence: str
    producer: str
    rows: int
    sha256: str
    table: str
    title: str
    version: int
    vintage: str


class ObservatoryDeprecation(TypedDict):
    """
    A stable artefact that should no longer be used.
    """

    kind: Literal['codelist', 'concept_scheme', 'code_map', 'data_structure', 'dataflow', 'indicator', 'reading_key', 'grid', 'sheet']
    reason: ObservatoryNames
    reference: str
    replacement: NotRequired[str | None]


class ObservatoryDimension(TypedDict):
    """
    A dimension; its order in the list is its place in the key. TIME_PERIOD is implied, last.
    """

    codelist: str
    id: str
    name: ObservatoryNames


ObservatoryEnd = TypedDict(
    'ObservatoryEnd',
    {
        'class': ObservatoryobservatoryIndicesSchemasClassRead,
        'method': ObservatoryobservatoryIndicesSchemasVersioned,
        'place': int,
    },
)


class ObservatoryEntryMade(TypedDict):
    """
    A new entry, and what its commitment has now.
    """

    amount: str
    client: str
    commitment: str | None
    committed: str
    dated_on: str
    funder: str
    id: str
    kind: Literal['commitment', 'payment', 'commitment_reversal', 'payment_reversal']
    line: str
    number: int
    paid: str
    payee: ObservatoryPayeeRead | None
    reason: str
    recorded_at: str
    reverses: str | None
    subject: str


class ObservatoryEntryRead(TypedDict):
    """
    An entry as those who steer read it.
    """

    amount: str
    client: str
    commitment: str | None
    dated_on: str
    funder: str
    id: str
    kind: Literal['commitment', 'payment', 'commitment_reversal', 'payment_reversal']
    line: str
    number: int
    payee: ObservatoryPayeeRead | None
    reason: str
    recorded_at: str
    reverses: str | None
    subject: str


class ObservatoryEventCancel(TypedDict):
    """
    Why it will not take place.
    """

    reason: ObservatoryNames


class ObservatoryEventDraft(TypedDict):
    """
    A meeting or a publication.
    """

    held_on: str
    kind: Literal['steering_committee', 'launch', 'workshop', 'publication', 'other']
    link: NotRequired[str | None]
    title: ObservatoryNames


class ObservatoryExplanation(TypedDict):
    """
    Why a release is rejected or withdrawn.
    """

    reason: ObservatoryNames


class ObservatoryFamilyShifts(TypedDict):
    """
    A page of families, with the sums over all of them.
    """

    growth: float
    items: list[ObservatoryFamilyShift]
    local: float
    mix: float
    national: float
    next: NotRequired[str | None]
    reading: str
    reading_key: ObservatoryobservatoryIndicesSchemasVersioned
    territory: str
    total: NotRequired[int | None]


class ObservatoryFigureConverted(TypedDict):
    """
    A figure in the classification asked for; sum of weight × value of its parts.

    A ratio is that of the sums of numerators and denominators.
    """

    estimated: bool
    key: dict[str, str]
    missing: list[str]
    parts: list[ObservatoryPartRead]
    period: str
    status: str | None
    value: float | None


class ObservatoryFunderChange(TypedDict):
    """
    What may change of a funder.
    """

    contribution: str
    kind: Literal['state', 'region', 'opco', 'employers', 'european', 'local_authority', 'private', 'other']
    may_fund: list[ObservatoryAllowanceWrite]
    name: ObservatoryNames


class ObservatoryFunderDraft(TypedDict):
    """
    Who contributes to the programme, and what for.
    """

    code: str
    contribution: str
    kind: Literal['state', 'region', 'opco', 'employers', 'european', 'local_authority', 'private', 'other']
    may_fund: list[ObservatoryAllowanceWrite]
    name: ObservatoryNames


ObservatoryGolden = TypedDict(
    'ObservatoryGolden',
    {
        'class': ObservatoryobservatoryIndicesSchemasClassRead,
        'place': float,
        'score': float,
    },
)


class ObservatoryIndicator(TypedDict):
    """
    A figure to read: a dataflow, some of its dimensions fixed to a code.
    """

    dataflow: str
    decimals: int
    definition: ObservatoryNames
    description: NotRequired[ObservatoryNames | None]
    id: str
    key: NotRequired[dict[str, str]]
    name: ObservatoryNames
    polarity: NotRequired[Literal['more_is_better', 'less_is_better', 'neutral']]
    unit: ObservatoryNames
    version: NotRequired[str]


class ObservatoryIndicatorData(TypedDict):
    """
    Figures of an indicator; an observation has a member per dimension and attribute.
    """

    dataflow: str
    decimals: int
    indicator: str
    licence: str
    name: str
    observations: list[dict[str, Any]]
    release: ObservatoryobservatoryObservationsSchemasReleaseShown
    unit: str


class ObservatoryIndicatorItem(TypedDict):
    """
    An indicator, short form; `key` are the dimensions that it fixes.
    """

    dataflow: str
    decimals: int
    deprecated: ObservatoryobservatoryStructuresSchemasDeprecated | None
    id: str
    key: dict[str, str]
    name: str
    unit: str


ObservatoryJobExposureItem = TypedDict(
    'ObservatoryJobExposureItem',
    {
        'basis': ObservatoryBasis,
        'class': ObservatoryGradeRead | None,
        'code': str,
        'interval': ObservatoryRangeRead,
        'label': str,
        'mean': float,
        'sd': float,
        'se': float,
    },
)


class ObservatoryJobExposures(TypedDict):
    """
    A page of jobs; `unknown` lists the codes asked for that have no exposure.
    """

    items: list[ObservatoryJobExposureItem]
    next: NotRequired[str | None]
    total: NotRequired[int | None]
    unknown: list[str]


class ObservatoryJobRanges(TypedDict):
    """
    Three honest ranges around the mean of a job.
    """

    crosswalk: ObservatoryRangeRead
    score: ObservatoryRangeRead
    tasks: ObservatoryRangeRead


class ObservatoryKitDraft(TypedDict):
    """
    A version of this installation's kit, and what has changed in it.
    """

    dataflows: NotRequired[list[Dataflow] | None]
    name: ObservatoryNames
    notes: ObservatoryNames
    version: str


class ObservatoryKitRead(TypedDict):
    """
    A version of the kit that is published here.
    """

    agency: str
    bytes: int
    key_id: str
    methods: dict[str, str]
    notes: ObservatoryNames
    published_at: str
    sha256: str
    version: str
    yanked: ObservatoryNames | None


class ObservatoryKpiRead(TypedDict):
    """
    An indicator, how it is made, and how to read it.
    """

    by_programme: bool
    code: str
    everywhere: int | None
    formula: str
    limits: str
    measures: list[str]
    name: str
    progress: float | None
    reading: str
    source: str
    target: ObservatoryobservatoryKpisSchemasTargetRead
    unit: str
    value: int | None


class ObservatoryKpisRead(TypedDict):
    """
    The indicators of a programme, from one snapshot.
    """

    feeds: list[ObservatoryFollowedRead]
    items: list[ObservatoryKpiRead]
    licence: str
    programme: str
    version: str


class ObservatoryLevel(TypedDict):
    """
    A level; the list of a grid goes from the lowest to the highest.
    """

    id: str
    meaning: ObservatoryNames
    name: ObservatoryNames


class ObservatoryLineChange(TypedDict):
    """
    What may change of a budget line.
    """

    name: ObservatoryNames
    plan: list[ObservatoryTrancheWrite]


class ObservatoryLineDraft(TypedDict):
    """
    A budget line.
    """

    code: str
    name: ObservatoryNames
    plan: list[ObservatoryTrancheWrite]


class ObservatoryLineRead(TypedDict):
    """
    A budget line, its plan, and its balances now.
    """

    code: str
    committed: str
    name: ObservatoryBilingual
    paid: str
    plan: list[ObservatoryTrancheRead]
    planned: str
    version: int


class ObservatoryLinkDraft(TypedDict):
    """
    A question to have a short address.
    """

    form: Literal['data.csv', 'data.json', 'data.xlsx', 'data.parquet', 'data.arrow', 'data.jsonstat', 'chart.json', 'chart.svg', 'chart.png', 'provenance']
    indicator: str
    question: NotRequired[ObservatoryQuestion]
    release: NotRequired[int | None]


ObservatoryMethodFigures = TypedDict(
    'ObservatoryMethodFigures',
    {
        'class': ObservatoryobservatoryIndicesSchemasClassRead,
        'classes': list[ObservatoryClassShare],
        'coverage': float,
        'exposed_interval': ObservatoryShareRange | None,
        'exposed_share': float,
        'headline': bool,
        'interval': ObservatoryPlaceRange,
        'method': ObservatoryobservatoryIndicesSchemasVersioned,
        'name': str,
        'native': float,
        'place': int,
        'reading': str,
        'scale': str,
        'unknown': list[str],
        'unreliable': bool,
    },
)


class ObservatoryMethods(TypedDict):
    """
    The methods that figures may be computed with.
    """

    items: list[ObservatoryobservatoryIndicesMethodSchemasMethodRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryMilestoneDraft(TypedDict):
    """
    What is to be reached, and by when.
    """

    code: str
    due_on: str
    title: ObservatoryNames


class ObservatoryMilestoneMove(TypedDict):
    """
    Another day, and why.
    """

    due_on: str
    reason: ObservatoryNames


class ObservatoryMobilitiesRead(TypedDict):
    """
    Where a job leads.
    """

    code: str
    items: list[ObservatoryobservatoryMobilitiesSchemasTargetRead]
    label: str
    mean: float | None
    reading: str
    release: str
    sources: list[ObservatoryobservatoryExposureSchemasSourceRead]


class ObservatoryMove(TypedDict):
    """
    Another instant for an announced release, and why.
    """

    reason: ObservatoryNames
    scheduled_at: str


class ObservatoryNewestFigure(TypedDict):
    """
    The newest figure of a series; `key` is what tells it from others of the indicator there.
    """

    confidentiality: str | None
    figure: str
    hidden: bool | None
    interval: ObservatoryInterval | None
    key: list[ObservatoryobservatoryProvenanceSchemasComponent]
    period: str
    reading: str
    release: ObservatoryFigureRelease
    source: str
    status: str | None
    value: float | None


class ObservatoryOrigin(TypedDict):
    """
    Something that figures are made from: who made it, which edition, and which bytes.
    """

    citation: NotRequired[str | None]
    derived: NotRequired[str | None]
    files: NotRequired[list[ObservatoryobservatoryReleasesSchemasSourceFile]]
    licence: str
    producer: str
    table: NotRequired[str | None]
    title: ObservatoryNames
    url: NotRequired[str | None]
    version: NotRequired[int | None]
    vintage: str


class ObservatoryOriginShown(TypedDict):
    """
    Something that the figures of a release are made from, with the bytes of its files.
    """

    files: list[ObservatoryobservatoryReleasesSchemasSourceFile]
    licence: str
    producer: str
    title: str
    vintage: str


class ObservatoryPageAnnouncementRead(TypedDict):
    items: list[ObservatoryAnnouncementRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageCellRead(TypedDict):
    items: list[ObservatoryCellRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageDataflowItem(TypedDict):
    items: list[ObservatoryDataflowItem]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageDatasetRead(TypedDict):
    items: list[ObservatoryDatasetRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageEntryRead(TypedDict):
    items: list[ObservatoryEntryRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageGridRead(TypedDict):
    items: list[ObservatoryobservatoryIndicesMethodSchemasGridRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageIndicatorItem(TypedDict):
    items: list[ObservatoryIndicatorItem]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageKitRead(TypedDict):
    items: list[ObservatoryKitRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageProgrammeRead(TypedDict):
    items: list[ObservatoryProgrammeRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPagePublicEntry(TypedDict):
    items: list[ObservatoryPublicEntry]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageSectorRead(TypedDict):
    items: list[ObservatorySectorRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageSignalRead(TypedDict):
    items: list[ObservatorySignalRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageSourceRead(TypedDict):
    items: list[ObservatoryobservatoryEmergenceSchemasSourceRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageTerritoryRead(TypedDict):
    items: list[ObservatoryTerritoryRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryParameters(TypedDict):
    """
    What a region must supply beside the kit; the agency is that of its installation.

    `mapping` says, for each structure that the new MAJOR version of a kit has no longer, which one
    takes its place, or null for none; it must be given then, even empty.
    """

    base_url: str
    cog_vintage: str
    mapping: NotRequired[dict[str, str | None] | None]
    region: str
    sources: NotRequired[list[ObservatoryobservatoryKitsSchemasSourceFile]]


class ObservatoryPolicyRead(TypedDict):
    """
    The policy that releases of protected dataflows are judged by.
    """

    sources: list[ObservatoryobservatoryDisclosureSchemasSourceRead]
    version: str


class ObservatoryQuestionRead(TypedDict):
    """
    How the words were read; `matched` is `some` where some hits lack a word.
    """

    corrected: list[ObservatoryWordCorrected]
    matched: Literal['all', 'some'] | None
    words: list[str]


class ObservatoryReadingKeyInput(TypedDict):
    """
    How to read a figure: its class, the sentence, and what not to conclude.

    A value has exactly one class: bands share no value, and leave none out between them.
    """

    bands: list[ObservatoryBoundsInput]
    boundary_rule: ObservatoryNames
    caution: NotRequired[list[Literal['A', 'B', 'D', 'E', 'F', 'I', 'L', 'M', 'O', 'P', 'Q', 'U']]]
    caveats: NotRequired[list[ObservatoryNames]]
    description: NotRequired[ObservatoryNames | None]
    do_not_conclude: list[ObservatoryNames]
    doi: NotRequired[str | None]
    how_to_read: ObservatoryNames
    id: str
    indicators: NotRequired[list[Indicator]]
    interval: NotRequired[Literal['tell', 'no_class']]
    licence: NotRequired[str]
    name: ObservatoryNames
    references: NotRequired[list[ObservatoryReference]]
    rounding: NotRequired[ObservatoryRounded | None]
    unclassed: NotRequired[list[Literal['A', 'B', 'D', 'E', 'F', 'I', 'L', 'M', 'O', 'P', 'Q', 'U']]]
    unit: ObservatoryNames
    version: NotRequired[str]


class ObservatoryReadingKeyOutput(TypedDict):
    """
    How to read a figure: its class, the sentence, and what not to conclude.

    A value has exactly one class: bands share no value, and leave none out between them.
    """

    bands: list[ObservatoryobservatoryStructuresKeySchemasBounds]
    boundary_rule: ObservatoryNames
    caution: NotRequired[list[Literal['A', 'B', 'D', 'E', 'F', 'I', 'L', 'M', 'O', 'P', 'Q', 'U']]]
    caveats: NotRequired[list[ObservatoryNames]]
    description: NotRequired[ObservatoryNames | None]
    do_not_conclude: list[ObservatoryNames]
    doi: NotRequired[str | None]
    how_to_read: ObservatoryNames
    id: str
    indicators: NotRequired[list[Indicator]]
    interval: NotRequired[Literal['tell', 'no_class']]
    licence: NotRequired[str]
    name: ObservatoryNames
    references: NotRequired[list[ObservatoryReference]]
    rounding: NotRequired[ObservatoryRounded | None]
    unclassed: NotRequired[list[Literal['A', 'B', 'D', 'E', 'F', 'I', 'L', 'M', 'O', 'P', 'Q', 'U']]]
    unit: ObservatoryNames
    version: NotRequired[str]


class ObservatoryReadingKeyRead(TypedDict):
    """
    Reading key: the templates of the reading sentences and what not to read in them.
    """

    do_not_read: list[str]
    id: str
    templates: list[ObservatoryobservatoryIndicesMethodSchemasTemplate]
    version: str


class ObservatoryReleaseDraft(TypedDict):
    """
    What is said about a release before its data are there.
    """

    dataflow: str
    formula: NotRequired[ObservatoryNames | None]
    method: str
    notes: ObservatoryNames
    origins: NotRequired[list[ObservatoryOrigin]]
    reason: NotRequired[Literal['data', 'method', 'classification']]
    source: str


ObservatoryReplay = TypedDict(
    'ObservatoryReplay',
    {
        'agrees': bool,
        'basis': str,
        'basis_label': str,
        'class': ObservatoryobservatoryIndicesSchemasClassRead,
        'code': str,
        'coverage': ObservatoryobservatoryIndicesSchemasCoverage,
        'formula': str,
        'inputs': dict[str, ObservatoryInput],
        'kind': ObservatoryKind,
        'label': str,
        'method': ObservatoryobservatoryIndicesSchemasVersioned,
        'published': int,
        'release': str,
        'se': float,
        'sources': dict[str, str],
        'sum': float,
        'terms': list[ObservatoryTerm],
        'variance': dict[str, ObservatoryobservatoryIndicesSchemasPart],
    },
)


class ObservatoryRollUpRead(TypedDict):
    """
    A roll-up as it is defined, and who counts in it now.
    """

    area: str
    coverage: float
    dataflow: str
    dimension: NotRequired[str]
    errors: Literal['independent', 'shared']
    id: str
    least_coverage: float
    method: str
    method_version: str
    missing: list[str]
    name: ObservatoryNames
    parts: list[ObservatoryobservatoryRollupsSchemasPart]
    silent_after_hours: NotRequired[int]
    source: str
    sources: list[ObservatoryobservatoryRollupsSchemasSourceRead]
    version: int


class ObservatoryRollUpWriteOutput(TypedDict):
    """
    How the figures of regions make those of the country.
    """

    area: str
    dataflow: str
    dimension: NotRequired[str]
    errors: Literal['independent', 'shared']
    least_coverage: float
    method: str
    method_version: str
    name: ObservatoryNames
    parts: list[ObservatoryobservatoryRollupsSchemasPart]
    silent_after_hours: NotRequired[int]
    source: str


class ObservatoryRules(TypedDict):
    """
    What makes a point strong or weak, and the sentences of the studies.
    """

    id: str
    template: ObservatoryobservatoryStudySchemasVersioned
    templates: list[ObservatoryobservatoryStudySchemasTemplate]
    text: str
    thresholds: dict[str, float]
    version: str


class ObservatorySearchHit(TypedDict):
    """
    A name that was found, in the language asked.
    """

    code: str
    label: str
    level: str | None
    marked: NotRequired[list[ObservatoryplatformkitFindingSpan]]
    match: Literal['exact', 'all', 'some']
    score: float


class ObservatorySectorExposure(TypedDict):
    """
    Exposure of a sector, with where it comes from.
    """

    basis: ObservatoryBasis
    code: str
    coverage: ObservatoryobservatoryExposureSchemasCoverage
    exposed_share: float
    grades: list[ObservatoryGradeShare]
    label: str
    level: str
    mean: float
    method: ObservatoryobservatoryExposureSchemasMethodRead
    rank: ObservatoryobservatoryExposureSchemasRank
    reading: str
    release: str
    sources: list[ObservatoryobservatoryExposureSchemasSourceRead]
    top_jobs: list[ObservatorySectorJob]
    uncertainty: ObservatoryUncertainty
    unclassified_share: float


class ObservatorySectorExposureItem(TypedDict):
    """
    Exposure of a section or division, short form.
    """

    code: str
    coverage_share: float
    exposed_share: float
    interval: ObservatoryRangeRead
    label: str
    level: str
    mean: float
    rank: ObservatoryobservatoryExposureSchemasRank


class ObservatorySectorRoute(TypedDict):
    """
    A division by both ways; a rank is among the divisions that its way reaches.
    """

    code: str
    hires: ObservatoryByHires
    industry: ObservatoryByIndustry | None
    label: str
    reading: str
    reading_key: ObservatoryobservatoryIndicesSchemasVersioned


class ObservatorySectorRoutes(TypedDict):
    """
    A page of divisions, and how far the two ways agree on their order.
    """

    divisions: int
    items: list[ObservatorySectorRoute]
    next: NotRequired[str | None]
    spearman: float | None
    total: NotRequired[int | None]


class ObservatorySheet(TypedDict):
    """
    What an indicator is, in words: its id is that of the indicator.
    """

    description: NotRequired[ObservatoryNames | None]
    description_key: list[ObservatoryNames]
    description_processing: ObservatoryNames
    description_short: ObservatoryNames
    doi: NotRequired[str | None]
    id: str
    indicator: str
    licence: NotRequired[str]
    name: ObservatoryNames
    processing_level: Literal['minor', 'major']
    references: NotRequired[list[ObservatoryReference]]
    sections: dict[Literal['CONTACT', 'DATA_DESCR', 'CLASS_SYSTEM', 'COVERAGE_SECTOR', 'STAT_CONC_DEF', 'STAT_UNIT', 'STAT_POP', 'REF_AREA', 'COVERAGE_TIME', 'BASE_PER', 'UNIT_MEASURE', 'REF_PERIOD', 'INST_MANDATE', 'CONF', 'REL_POLICY', 'FREQ_DISS', 'ACCESSIBILITY_CLARITY', 'QUALITY_MGMNT', 'RELEVANCE', 'ACCURACY', 'SAMPLING_ERR', 'NONSAMPLING_ERR', 'TIMELINESS_PUNCT', 'COHER_COMPAR', 'COMPAR_GEO', 'COMPAR_TIME', 'COHER_X_DOM', 'COST_BURDEN', 'DATA_REV', 'STAT_PROCESS', 'SOURCE_TYPE', 'COLL_METHOD', 'DATA_VALIDATION', 'DATA_COMP', 'ADJUSTMENT', 'COMMENT_DSET'], ObservatoryNames]
    short_unit: ObservatoryNames
    sources: NotRequired[list[ObservatorySourceNote]]
    topics: NotRequired[list[Topic]]
    version: NotRequired[str]


class ObservatorySheetRead(TypedDict):
    """
    What the author of a sheet wrote, in both languages.
    """

    agency: str
    content: ObservatorySheet
    deprecated: ObservatoryobservatoryKeysSchemasDeprecated | None
    foreign: bool
    published_at: str | None
    sha256: str
    state: Literal['draft', 'published', 'deprecated']
    urn: str


class ObservatorySheetWhole(TypedDict):
    """
    An indicator: its definition, what its author wrote, and what its newest release tells.

    Without a sheet of its own, what the author writes is null or empty, the rest is told.
    """

    accrual_periodicity: str
    citation: str | None
    data: str
    dataflow: str
    decimals: int
    definition: str
    deprecated: ObservatoryobservatoryStructuresSchemasDeprecated | None
    description_key: list[str]
    description_processing: str | None
    description_short: str | None
    dimensions: list[str]
    grids: list[ObservatoryReader]
    history: str
    indicator: str
    licence: str
    method: ObservatoryMethodShown | None
    polarity: str
    processing_level: Literal['minor', 'major'] | None
    reading_keys: list[ObservatoryReader]
    release: ObservatoryEdition | None
    sections: list[ObservatorySectionRead]
    sheet: str | None
    short_unit: str | None
    sources: list[ObservatoryobservatorySheetsSchemasSourceRead]
    structure: str
    title: str
    topics: list[str]
    unit: str
    urn: str


ObservatorySideRead = TypedDict(
    'ObservatorySideRead',
    {
        'class': ObservatoryobservatoryIndicesSchemasClassRead | None,
        'coverage': float,
        'mean': float,
        'method': ObservatoryobservatoryIndicesSchemasVersioned,
        'place': int | None,
        'release': str,
        'year': int | None,
    },
)


class ObservatorySignalWhole(TypedDict):
    """
    A signal with its figures and its life.
    """

    code: str
    decisions: list[ObservatoryDecision]
    id: int
    kind: Literal['skill', 'job']
    label: str
    mapped_to: str | None
    nearest: ObservatoryNearestRead | None
    reading: str
    series: list[ObservatoryPointRead]
    since: str | None
    source: str
    state: ObservatoryLabelled
    steps: list[ObservatoryStepRead]
    updated_at: str
    version: int


ObservatorySpecialisation = TypedDict(
    'ObservatorySpecialisation',
    {
        'class': ObservatoryobservatoryIndicesSchemasClassRead | None,
        'code': str,
        'interval': ObservatoryobservatoryIndicesSchemasBounds | None,
        'kind': Literal['specific', 'usual', 'rare'],
        'label': str,
        'quotient': float,
        'reading': str,
        'reading_key': ObservatoryobservatoryIndicesSchemasVersioned,
        'unreliable': bool,
    },
)


class ObservatorySpecialisations(TypedDict):
    """
    A page of families, most specific first.
    """

    items: list[ObservatorySpecialisation]
    next: NotRequired[str | None]
    territory: str
    total: NotRequired[int | None]


class ObservatoryStatement(TypedDict):
    """
    A sentence of a versioned template, and the figures that it says.
    """

    figures: list[str]
    rank: ObservatoryobservatoryStudySchemasRank | None
    template: str
    text: str


class ObservatoryStudyIndex(TypedDict):
    """
    Which studies there are: an address for each kind, and that of the region.
    """

    addresses: dict[str, str]
    region: str
    rules: ObservatoryobservatoryStudySchemasVersioned


class ObservatoryTerritoryExposure(TypedDict):
    """
    Exposure of a territory, with where it comes from.
    """

    basis: ObservatoryBasis
    code: str
    comparison: ObservatoryComparison
    coverage: ObservatoryobservatoryExposureSchemasCoverage
    employment: int
    exposed_share: float
    grades: list[ObservatoryGradeShare]
    id: str
    kind: str
    label: str
    mean: float
    method: ObservatoryobservatoryExposureSchemasMethodRead
    reading: str
    release: str
    sources: list[ObservatoryobservatoryExposureSchemasSourceRead]
    top_families: list[ObservatoryFamilyExposure]
    uncertainty: ObservatoryUncertainty
    unclassified_share: float


class ObservatoryTerritoryIndicator(TypedDict):
    """
    An indicator with its newest figures in a territory.
    """

    count: int
    data: str
    dataflow: str
    decimals: int
    deprecated: ObservatoryobservatoryStructuresSchemasDeprecated | None
    figures: list[ObservatoryNewestFigure]
    id: str
    licence: str
    name: str
    unit: str


class ObservatoryTerritoryIndicators(TypedDict):
    """
    Indicators that have a figure for a territory, by id.
    """

    items: list[ObservatoryTerritoryIndicator]
    next: NotRequired[str | None]
    territory: ObservatoryTerritoryRead
    total: NotRequired[int | None]


ObservatoryobservatoryIndicesSchemasCell = TypedDict(
    'ObservatoryobservatoryIndicesSchemasCell',
    {
        'basis': str,
        'basis_label': str,
        'class': ObservatoryobservatoryIndicesSchemasClassRead,
        'code': str,
        'coverage': float,
        'exposed_interval': ObservatoryShareRange | None,
        'exposed_share': float,
        'grid': ObservatoryobservatoryIndicesSchemasVersioned,
        'interval': ObservatoryPlaceRange,
        'kind': ObservatoryKind,
        'label': str,
        'method': ObservatoryobservatoryIndicesSchemasVersioned,
        'native': float,
        'place': int,
        'reading': str,
        'reading_key': ObservatoryobservatoryIndicesSchemasVersioned,
        'scale': str,
        'unknown': list[str],
        'unreliable': bool,
    },
)


class ObservatoryobservatoryIndicesSchemasSpan(TypedDict):
    """
    Range across the headline methods, never an average of them.
    """

    exposed_share: ObservatoryShareRange
    high: ObservatoryEnd
    low: ObservatoryEnd


class ObservatoryobservatoryKeysSchemasKeyRead(TypedDict):
    """
    A reading key, in both languages.
    """

    agency: str
    content: ObservatoryReadingKeyOutput
    deprecated: ObservatoryobservatoryKeysSchemasDeprecated | None
    foreign: bool
    published_at: str | None
    sha256: str
    state: Literal['draft', 'published', 'deprecated']
    urn: str


class ObservatoryobservatoryReleasesSchemasReleaseRead(TypedDict):
    """
    A release: its state now, its notes, and how it differs from the one before.
    """

    agency: str
    bulk: str | None
    created_at: str
    dataflow: str
    diff: ObservatoryobservatoryReleasesSchemasDifference | None
    first_period: str | None
    formula: ObservatoryBilingual | None
    id: str
    last_period: str | None
    method: str
    notes: ObservatoryBilingual
    observations: int | None
    ordinal: int | None
    origins: list[ObservatoryOrigin]
    outcome: ObservatoryBilingual | None
    published_at: str | None
    reason: Literal['data', 'method', 'classification']
    rows: int | None
    series: int | None
    sha256: str | None
    source: str
    state: Literal['draft', 'validated', 'embargoed', 'published', 'superseded', 'rejected', 'withdrawn']
    structure: str
    withdrawn_at: str | None


class ObservatoryobservatoryRollupsSchemasRunRead(TypedDict):
    """
    A national release, and what it was made from.
    """

    at: str
    counts: dict[ObservatoryOutcome, int]
    coverage: float
    definition: ObservatoryRollUpWriteOutput
    missing: list[str]
    number: int
    release: str
    rollup: str
    sources: list[ObservatoryUsedSource]


class ObservatoryobservatoryStudySchemasReleaseShown(TypedDict):
    """
    A release that brought figures.
    """

    address: str
    dataflow: str
    formula: str | None
    id: str
    method: str
    ordinal: int
    origins: list[ObservatoryOriginShown]
    published_at: str
    source: str


class ObservatoryplatformkitPaginationPageReleaseRead2(TypedDict):
    items: list[ObservatoryobservatoryReleasesSchemasReleaseRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryplatformkitPaginationPageRunRead2(TypedDict):
    items: list[ObservatoryobservatoryRollupsSchemasRunRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingActionDuplicate(TypedDict):
    """
    Two actions of the formation that are one, or nearly.
    """

    actions: list[TrainingComparedAction]
    different: list[str]
    rule: TrainingRuleRead
    same: list[str]


class TrainingActionRead(TypedDict):
    """
    How a formation is given.
    """

    entries: Literal['fixed_dates', 'permanent']
    hours: NotRequired[int | None]
    id: str
    mode: Literal['on_site', 'mixed', 'remote']
    number: str
    price: NotRequired[TrainingPrice | None]
    sessions: list[TrainingSessionRead]


class TrainingAddress(TypedDict):
    """
    Where something is taught, or an organisation is.
    """

    addressType: str
    city: NotRequired[str | None]
    countryCode: NotRequired[TrainingCountry | None]
    geolocation: NotRequired[TrainingGeolocation | None]
    postCode: NotRequired[str | None]


class TrainingAllowedRead(TypedDict):
    """
    A transition that the state allows, and whose it is.
    """

    label: TrainingLabel
    name: TrainingtrainingProposalsStatesTransition
    side: TrainingSide
    wants_reason: bool


class TrainingAnomalyRead(TypedDict):
    """
    A rule that a record, or with no record the file, does not meet; lines count from 1.
    """

    detail: TrainingtrainingImportsSchemasSaid
    line: int | None
    position: int
    record: str | None
    rule: str
    severity: Literal['error', 'warning']
    step: int


class TrainingBlocsRead(TypedDict):
    """
    The blocs; `known` is false when the source does not say whether there are any.
    """

    items: list[TrainingBlocWhole]
    known: bool
    number: str
    source: TrainingSource


class TrainingCampaignContent(TypedDict):
    """
    A campaign of yours; `version` is its entity tag.
    """

    accepting: bool
    budget: str
    committed: str
    deadlines: TrainingDeadlinesRead
    id: str
    opens_on: str
    organisations: list[TrainingOrganisationHeld]
    published_at: str | None
    rules: TrainingRulesRead
    status: Literal['draft', 'open', 'closed', 'published']
    title: TrainingTitleRead
    version: int
    year: int


class TrainingCampaignListed(TypedDict):
    """
    A campaign in a list; `accepting` is whether laboratories may submit today.
    """

    accepting: bool
    budget: str
    deadlines: TrainingDeadlinesRead
    id: str
    opens_on: str
    published_at: str | None
    rules: TrainingRulesRead
    status: Literal['draft', 'open', 'closed', 'published']
    title: TrainingTitleRead
    version: int
    year: int


class TrainingCampaignRead(TypedDict):
    """
    A public campaign.
    """

    accepting: bool
    budget: str
    deadlines: TrainingDeadlinesRead
    id: str
    opens_on: str
    organisations: list[TrainingtrainingThesisCampaignsSchemasOrganisationRead]
    published_at: str | None
    rules: TrainingRulesRead
    status: Literal['draft', 'open', 'closed', 'published']
    title: TrainingTitleRead
    version: int
    year: int


class TrainingCampaignWrite(TypedDict):
    """
    A campaign, whole.
    """

    budget: float | str
    deadlines: TrainingDeadlines
    opens_on: str
    organisations: NotRequired[list[TrainingOrganisationWrite]]
    rules: NotRequired[TrainingRules]
    title: TrainingTitleInput
    year: int


class TrainingCertificateRead(TypedDict):
    """
    The certificate of conformity of a file; its bytes never change.
    """

    applied: bool
    changes: dict[str, TrainingChangeCount] | None
    extract: bool
    file: TrainingFilePart
    force: bool
    format: str
    format_version: str | None
    mode: Literal['dry_run', 'atomic', 'partial']
    records: TrainingRecordCounts
    references: list[TrainingReferenceRead]
    state: Literal['queued', 'running', 'done', 'failed', 'halted']
    steps: list[TrainingStepVerdict]
    volumes: list[TrainingVolumeRead]


class TrainingCertificationHit(TypedDict):
    """
    A certification: `GET /v1/certifications/{number}`.
    """

    ai_literacy_level: str | None
    audience: list[str]
    certifying_bodies: list[str]
    directory: Literal['RNCP', 'RS', 'REG']
    level: int | None
    number: str
    registration_end: str | None
    registration_end_year: int | None
    state: TrainingtrainingCertificationsLifecycleState
    themes: list[str]


class TrainingCertificationRead(TypedDict):
    """
    A certification whole; `source_state` and `source_active` are the source's own words.
    """

    abbreviation: str | None
    absent_since: str | None
    access_routes: list[Literal['FI', 'CA', 'FC', 'CQ', 'CL', 'VAE']]
    blocs: list[TrainingBlocRead]
    certifying_bodies: list[TrainingBodyRead]
    decided_on: str | None
    delivery_limit: str | None
    directory: Literal['RNCP', 'RS', 'REG']
    editorial: TrainingEditorialRead
    effective_on: str | None
    formacodes: list[TrainingtrainingCertificationsSchemasTermRead]
    id: str
    import_run: str | None
    level: int | None
    nsf: list[TrainingtrainingCertificationsSchemasTermRead]
    number: str
    predecessors: list[str]
    registration_end: str | None
    registration_end_year: int | None
    registration_type: str | None
    rome: list[TrainingtrainingCertificationsSchemasTermRead]
    source: TrainingSource
    source_active: bool | None
    source_id: str | None
    source_state: str | None
    state: TrainingtrainingCertificationsLifecycleState
    successors: list[str]
    title: TrainingTitleOutput
    unknown: list[str]
    version: int


class TrainingCertificationSummary(TypedDict):
    """
    A certification in a list.
    """

    blocs_count: int
    certifying_bodies: list[TrainingBodyRead]
    delivery_limit: str | None
    directory: Literal['RNCP', 'RS', 'REG']
    editorial: TrainingEditorialRead
    id: str
    level: int | None
    number: str
    registration_end: str | None
    registration_end_year: int | None
    rome: list[TrainingtrainingCertificationsSchemasTermRead]
    source: TrainingSource
    state: TrainingtrainingCertificationsLifecycleState
    title: TrainingTitleOutput
    unknown: list[str]


class TrainingCertificationThen(TypedDict):
    """
    A certification that the offer prepares for, as on the day; state null: not in here.
    """

    number: str
    state: TrainingtrainingCertificationsLifecycleState | None


class TrainingCheckRead(TypedDict):
    """
    What keeps it from publication: where in the payload, and which rule.
    """

    code: str
    label: TrainingLabel
    pointer: str


class TrainingChecksRead(TypedDict):
    """
    What would happen if it were published now.
    """

    alike: list[TrainingAlikeRead]
    faults: list[TrainingCheckRead]
    publishable: bool


class TrainingConceptRead(TypedDict):
    """
    A code whole: `path` leads from the root to it, `narrower` shows the first 200 below it.

    `version` is where the code was read: an older one than asked when `latest` has lost it.
    """

    code: str
    kind: str
    label: TrainingLabelRead
    licence: str | None
    narrower: list[TrainingtrainingReferencesSchemasTermRead]
    path: list[TrainingtrainingReferencesSchemasTermRead]
    producer: str
    released_on: str
    replacements: list[TrainingtrainingReferencesSchemasReplacementRead]
    scheme: Literal['rome', 'nsf', 'formacode', 'esco', 'geography', 'rome-skill', 'ai-skill']
    status: Literal['current', 'obsolete', 'upcoming']
    uri: str | None
    valid_from: str | None
    valid_to: str | None
    version: str


class TrainingConceptSummary(TypedDict):
    """
    A code in a list; `valid_to` is its last day, `replaced_by` what directly took its place.
    """

    broader: str | None
    code: str
    kind: str
    label: TrainingLabelRead
    replaced_by: list[str]
    status: Literal['current', 'obsolete', 'upcoming']
    valid_from: str | None
    valid_to: str | None


class TrainingConfirmation(TypedDict):
    """
    The drafts to publish, each on its own.
    """

    drafts: list[TrainingConfirmed]


class TrainingConstraints(TypedDict):
    """
    What somebody can take on; hours and euros are for all courses of a path together.
    """

    courses: NotRequired[int]
    euros: NotRequired[float | None]
    hours: NotRequired[float | None]
    languages: NotRequired[list[Language]]
    level: NotRequired[int | None]
    modes: NotRequired[list[Literal['on_site', 'mixed', 'remote']]]
    place: NotRequired[TrainingPlace | None]
    starts_from: NotRequired[str | None]
    starts_to: NotRequired[str | None]
    status: NotRequired[Literal['employee', 'job_seeker', 'young'] | None]


class TrainingCourseNamed(TypedDict):
    """
    A way of following a formation, and what it takes; null is what nobody says.
    """

    action: str
    certifications: list[str]
    distance_km: float | None
    euros: float | None
    formation: str
    hours: int | None
    mode: Literal['on_site', 'mixed', 'remote']
    number: str
    provider: TrainingNamed
    title: str


class TrainingCourseRead(TypedDict):
    """
    A course that fills a part of the gap: its score is the sum of its `explanation`.
    """

    action: str
    capped: bool
    certifications: list[str]
    coverage: float
    distance_km: float | None
    ends_on: str | None
    euros: float | None
    explanation: list[TrainingPoints]
    formation: str
    gain: float
    hours: int | None
    mode: Literal['on_site', 'mixed', 'remote']
    number: str
    provider: TrainingNamed
    readiness: float
    score: float
    session: str
    skills: list[TrainingTaught]
    starts_on: str | None
    title: str


class TrainingCriterionRead(TypedDict):
    """
    Something that a complete record says, and what it counts for.
    """

    code: str
    label: TrainingLabel
    weight: int


class TrainingDescriptionRead(TypedDict):
    """
    The prose and figures of the fiche; null is "the source does not say".
    """

    accessible_jobs: str | None
    activities: str | None
    capacities: str | None
    idcc: list[TrainingtrainingCertificationsSchemasTermRead]
    number: str
    objectives: str | None
    prerequisites: str | None
    published_on: str | None
    registration_years: int | None
    regulations: str | None
    sectors: str | None
    source: TrainingSource
    statistics: list[TrainingPromotion]
    url: str | None


class TrainingDuplicateSummary(TypedDict):
    """
    A formation of which something is given twice.
    """

    id: str
    number: str
    provider: TrainingProviderNamed
    rules: list[Literal['action_identical', 'action_hours_close', 'title_identical']]
    title: str


class TrainingEndingRead(TypedDict):
    """
    A certification, and the last day on which one may enrol in it.
    """

    number: str
    title: TrainingTitleOutput


class TrainingEventRead(TypedDict):
    """
    A step that was taken; `actor` is told to the organisation of who took it only.
    """

    action: TrainingAction | Literal['propose', 'change']
    actor: str | None
    at: str
    client: str
    id: int
    rank: int | None
    reason: str | None
    role: TrainingRole
    status: TrainingStatus
    was: TrainingStatus | None


class TrainingExcluded(TypedDict):
    """
    A course that would fill a part of the gap, and every reason why it is not recommended.
    """

    action: str
    certifications: list[str]
    coverage: float
    distance_km: float | None
    euros: float | None
    formation: str
    hours: int | None
    mode: Literal['on_site', 'mixed', 'remote']
    number: str
    provider: TrainingNamed
    reasons: list[str]
    title: str


class TrainingExclusions(TypedDict):
    """
    The best of those excluded; `total` counts all that were considered.
    """

    items: list[TrainingExcluded]
    total: int


class TrainingExpiryNoticeRead(TypedDict):
    """
    What was told of the end of a certification, once for each last day and stage.
    """

    certification: TrainingEndingRead
    ends_on: str
    formations: int
    id: str
    providers: list[str]
    replacement: TrainingtrainingExpiriesSchemasReplacementRead | None
    sessions: int
    stage: TrainingStage
    still_holds: bool
    told_at: str


class TrainingExposureSource(TypedDict):
    """
    Where exposure and employment are from: the observatory's method and tables.
    """

    method: str
    release: str
    weights: TrainingTerritoryRead


class TrainingFlagRead(TypedDict):
    """
    Why an offer is not one that its provider may make.
    """

    code: TrainingFlag
    label: TrainingLabel


class TrainingFormationDuplicate(TypedDict):
    """
    Another formation of the same company, for the same certifications, with such a title.
    """

    departments: list[str]
    id: str
    number: str
    provider: TrainingProviderNamed
    rule: TrainingRuleRead
    same: list[str]
    similarity: float
    title: str


class TrainingFormationHit(TypedDict):
    """
    The offer that leads to a certification that ends.
    """

    id: str
    number: str
    provider: TrainingProviderNamed
    title: str


class TrainingFormationRead(TypedDict):
    """
    A formation whole, with its actions and sessions.
    """

    actions: list[TrainingActionRead]
    certifying: bool
    content: str
    expected_results: str
    flags: list[TrainingFlag]
    id: str
    number: str
    objectives: str
    provider: TrainingProviderRead
    source: TrainingOfferSource
    title: str
    version: int


class TrainingFormationSkillsRead(TypedDict):
    """
    The skills of an offer: what is declared first, then the surest.
    """

    formation: str
    skills: list[TrainingSkillTaught]


class TrainingFormationSummary(TypedDict):
    """
    A formation in a list; the days are those of its first and last session.
    """

    certifications: list[str]
    departments: list[str]
    ends_on: str | None
    flags: list[TrainingFlag]
    formacodes: list[str]
    id: str
    modes: list[Literal['on_site', 'mixed', 'remote']]
    number: str
    provider: TrainingProviderNamed
    quality: int | None
    source: TrainingOfferSource
    starts_on: str | None
    title: str
    version: int


class TrainingGapPage(TypedDict):
    """
    A page of gaps, by rank.
    """

    exposure: TrainingExposureSource | None
    items: list[TrainingtrainingCoverageSchemasGap]
    next: NotRequired[str | None]
    on: str
    territory: TrainingTerritoryRead
    total: NotRequired[int | None]
    unavailable: list[TrainingUnavailableRead]


class TrainingGrantRead(TypedDict):
    """
    A subject that was selected: open data, without any person.
    """

    campaign_id: str
    doctoral_school: TrainingtrainingThesisCampaignsSchemasOrganisationRead
    financing: TrainingFinancingRead
    granted_at: str
    id: str
    institution: TrainingtrainingThesisCampaignsSchemasOrganisationRead
    laboratory: TrainingLaboratoryRead
    months: int
    title: str
    unit: TrainingtrainingThesisCampaignsSchemasOrganisationRead
    version: int
    year: int


class TrainingHabilitationRead(TypedDict):
    """
    Whether an organisation may train or assess on a day; null is "no source says".
    """

    explanation: str
    may_assess: bool | None
    may_enrol: bool | None
    may_train: bool | None
    number: str
    on: str
    organisations: list[TrainingtrainingHabilitationsSchemasOrganisationRead]
    reason: TrainingtrainingHabilitationsRulesReason
    since: str | None
    siret: str
    source: TrainingSource
    state: TrainingtrainingCertificationsLifecycleState


class TrainingJobCoverage(TypedDict):
    """
    What answers a job.
    """

    basis: str
    certifications: TrainingCertificationCounts
    code: str
    covered: bool
    employment: float | None
    exposure: TrainingJobExposureRead | None
    kind: Literal['existing', 'emerging']
    label: str
    offers: TrainingJobOffers
    reading: str


class TrainingLearningOutcome(TypedDict):
    """
    A competency bloc.
    """

    consumer: TrainingConsumer
    description: NotRequired[list[TrainingtrainingOeapiSchemasSaid] | None]
    fieldsOfStudy: NotRequired[str | None]
    learningOutcomeId: str
    name: list[TrainingtrainingOeapiSchemasSaid]
    otherCodes: NotRequired[list[TrainingCode] | None]
    primaryCode: TrainingCode
    validFrom: NotRequired[str | None]
    validTo: NotRequired[str | None]


class TrainingLineRead(TypedDict):
    """
    What became of one formation; why sessions were left out, and what to offer instead.
    """

    certification: str | None
    draft: str | None
    formation: str
    former_number: str
    number: str
    outcome: TrainingOutcome
    position: int
    replacement: TrainingtrainingExpiriesSchemasReplacementRead | None
    sessions: int
    sessions_left: int
    starts_on: str | None
    title: str


class TrainingLinked(TypedDict):
    """
    A certification that another one names; `known` is false when it is not in this catalogue.
    """

    known: bool
    may_enrol: bool | None
    number: str
    state: TrainingtrainingCertificationsLifecycleState | None
    title: TrainingTitleOutput | None


class TrainingListedProvider(TypedDict):
    """
    A provider as the public list has it.
    """

    activity_number: str
    address: TrainingProviderAddress
    declared_on: str | None
    name: str
    other_numbers: list[str]
    period: TrainingDeclaredPeriod
    previous_numbers: list[str]
    qualiopi: list[Literal['training', 'skills_assessment', 'vae', 'apprenticeship']]
    siren: str | None
    siret: str | None
    source: TrainingProviderSource
    specialties: list[TrainingSpecialtyRead]
    trainees: int | None
    trainees_entrusted: int | None
    trainers: int | None
    version: int


class TrainingListedLearningOutcome(TypedDict):
    hasNextPage: bool
    hasPreviousPage: bool
    items: list[TrainingLearningOutcome]
    pageNumber: int
    pageSize: int


class TrainingMissingParts(TypedDict):
    """
    What is not covered, by what is missing: the two are the gap.
    """

    certification: TrainingPart
    offer: TrainingPart


class TrainingMore(TypedDict):
    """
    The least to add to the limits for one more course, and what it would bring.
    """

    course: TrainingCourseNamed
    courses: int
    euros: float
    hours: float
    readiness: float
    reading: str


class TrainingOfferHit(TypedDict):
    """
    An action of a formation; its price in euros, all taxes included.
    """

    certifications: list[str]
    entries: Literal['fixed_dates', 'permanent']
    formation: TrainingFormationNamed
    funders: list[str]
    hours: int | None
    languages: list[str]
    mode: Literal['on_site', 'mixed', 'remote']
    next_session: TrainingSessionShown | None
    place: TrainingPlaceShown | None
    price: str | None
    provider: TrainingProviderNamed
    quality: int | None


class TrainingOfferedRead(TypedDict):
    """
    What the provider is to a certification that it offers; null is "no source says".
    """

    explanation: str
    number: str
    reason: TrainingtrainingHabilitationsRulesReason
    trains: bool | None


class TrainingOpening(TypedDict):
    """
    A session, and whether one may enrol on the day; null is "no source says".
    """

    action: str
    ends_on: str | None
    id: str
    may_enrol: bool | None
    number: str
    reasons: list[TrainingtrainingOpeningsRulesReason]
    starts_on: str | None
    state: TrainingPhase


class TrainingOpeningsRead(TypedDict):
    """
    Into which sessions of a formation one may enrol on a day.
    """

    certifications: list[TrainingCertificationThen]
    formation: str
    may_enrol: bool | None
    on: str
    sessions: list[TrainingOpening]
    valid_from: str | None
    valid_until: str | None


class TrainingOrganisation(TypedDict):
    """
    Whoever gives training or certifies; `organisationId` says the SIRET.
    """

    addresses: NotRequired[list[TrainingAddress] | None]
    consumer: TrainingConsumer
    name: list[TrainingtrainingOeapiSchemasSaid]
    organisationId: str
    organisationType: str
    otherCodes: NotRequired[list[TrainingCode] | None]
    primaryCode: TrainingCode


class TrainingOriginParts(TypedDict):
    """
    Covered by offers of one origin, of both, of none: the four are the whole.
    """

    both: TrainingPart
    inherited_only: TrainingPart
    new_only: TrainingPart
    none: TrainingPart


class TrainingPageAnomalyRead(TypedDict):
    items: list[TrainingAnomalyRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageCampaignListed(TypedDict):
    items: list[TrainingCampaignListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageCertificationSummary(TypedDict):
    items: list[TrainingCertificationSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageConceptSummary(TypedDict):
    items: list[TrainingConceptSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageDuplicateSummary(TypedDict):
    items: list[TrainingDuplicateSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageEventRead(TypedDict):
    items: list[TrainingEventRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageFormationSummary(TypedDict):
    items: list[TrainingFormationSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageGrantRead(TypedDict):
    items: list[TrainingGrantRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageLineRead(TypedDict):
    items: list[TrainingLineRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageOrganisationRead(TypedDict):
    items: list[TrainingtrainingHabilitationsSchemasOrganisationRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPagePreviewRead(TypedDict):
    items: list[TrainingPreviewRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageProviderSummary(TypedDict):
    items: list[TrainingProviderSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageRolloverRead(TypedDict):
    items: list[TrainingRolloverRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageRunRead(TypedDict):
    items: list[TrainingRunRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageSavedSearchRead(TypedDict):
    items: list[TrainingSavedSearchRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageVersionRead(TypedDict):
    items: list[TrainingVersionRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingProfile(TypedDict):
    """
    A person's starting point and aim; it is answered, and neither stored nor logged.
    """

    aim: NotRequired[Literal['move', 'stay', 'less_exposed']]
    constraints: NotRequired[TrainingConstraints]
    held: NotRequired[list[TrainingHeld]]
    job: NotRequired[str | None]
    on: NotRequired[str | None]
    presume: NotRequired[bool]
    targets: NotRequired[list[Target]]
    task_exposures: NotRequired[list[TrainingTaskExposure]]
    weights: NotRequired[TrainingWeights]


class TrainingProgramme(TypedDict):
    """
    A certification.
    """

    abbreviation: NotRequired[str | None]
    admissionRequirements: NotRequired[list[TrainingtrainingOeapiSchemasSaid] | None]
    assessment: NotRequired[list[TrainingtrainingOeapiSchemasSaid] | None]
    consumer: TrainingConsumer
    description: NotRequired[list[TrainingtrainingOeapiSchemasSaid] | None]
    fieldsOfStudy: NotRequired[str | None]
    formalDocument: str
    learningOutcomeIds: list[str]
    levelOfQualification: NotRequired[str | None]
    link: NotRequired[str | None]
    name: list[TrainingtrainingOeapiSchemasSaid]
    organisation: NotRequired[TrainingOrganisation | None]
    organisationId: NotRequired[str | None]
    otherCodes: list[TrainingCode]
    primaryCode: TrainingCode
    programmeId: str
    programmeType: str
    qualificationAwarded: str
    timelineOverrides: NotRequired[list[Any] | None]
    validFrom: NotRequired[str | None]
    validTo: NotRequired[str | None]


class TrainingProgrammeOffering(TypedDict):
    """
    A session of a formation, as a way to one certification.
    """

    addresses: NotRequired[list[TrainingAddress] | None]
    consumer: TrainingConsumer
    endDateTime: NotRequired[str | None]
    enrolmentPeriods: NotRequired[list[TrainingEnrolmentPeriod] | None]
    flexibleEntryPeriodEndDateTime: NotRequired[str | None]
    flexibleEntryPeriodStartDateTime: NotRequired[str | None]
    modesOfDelivery: list[str]
    name: list[TrainingtrainingOeapiSchemasSaid]
    organisation: NotRequired[TrainingOrganisation | None]
    organisationId: str
    priceInformation: NotRequired[list[TrainingCost] | None]
    primaryCode: TrainingCode
    programme: NotRequired[TrainingProgramme | None]
    programmeId: str
    programmeOfferingId: str
    startDateTime: NotRequired[str | None]
    state: str
    teachingLanguages: NotRequired[list[str] | None]


class TrainingPublicationRead(TypedDict):
    """
    What became of each draft, in the order that was asked.
    """

    items: list[TrainingPublishedLine]
    published: int


class TrainingQualityRead(TypedDict):
    """
    How completely a record informs, 0 to 100; 100 is nothing missing.
    """

    missing: list[TrainingCriterionRead]
    score: int


class TrainingReplacement(TypedDict):
    """
    A successor, direct or through others.
    """

    distance: int
    known: bool
    may_enrol: bool | None
    number: str
    state: TrainingtrainingCertificationsLifecycleState | None
    title: TrainingTitleOutput | None


class TrainingService(TypedDict):
    """
    What is served here.
    """

    contactEmail: str
    documentation: str
    specification: str
    supportedConsumers: list[TrainingSupportedConsumer]
    supportedExpands: list[TrainingExpansion]
    supportedOperations: list[TrainingOperation]


class TrainingSessionHit(TypedDict):
    """
    A session that the end hits, and how.
    """

    action: str
    ends_on: str | None
    hits: list[TrainingtrainingExpiriesStagesHit]
    id: str
    number: str
    starts_on: str | None


class TrainingStateRead(TypedDict):
    """
    Where it stands.
    """

    code: TrainingtrainingProposalsStatesState
    label: TrainingLabel


class TrainingStep(TypedDict):
    """
    A course of a path: what it adds there, and how ready one is after it.
    """

    action: str
    certifications: list[str]
    distance_km: float | None
    euros: float | None
    formation: str
    gain: float
    hours: int | None
    mode: Literal['on_site', 'mixed', 'remote']
    number: str
    provider: TrainingNamed
    readiness: float
    skills: list[TrainingTaught]
    starts_on: str | None
    title: str


class TrainingStepRead(TypedDict):
    """
    One transition, as it was done.
    """

    actor: str
    at: str
    client: str
    fields: list[str]
    organisation: str
    payload_sha256: str
    reason: str | None
    source: TrainingtrainingProposalsStatesState
    target: TrainingtrainingProposalsStatesState
    transition: TrainingtrainingProposalsStatesTransition
    version: int


class TrainingSuccessionRead(TypedDict):
    """
    What comes before or after, in one step; `stated_by` names the fiches that say so.
    """

    known: bool
    may_enrol: bool | None
    number: str
    relation: Literal['predecessor', 'successor']
    state: TrainingtrainingCertificationsLifecycleState | None
    stated_by: list[str]
    title: TrainingTitleOutput | None


class TrainingTerritoryPage(TypedDict):
    """
    A page of territories; an offer that takes place in two of them counts in both.

    `whole` counts it once, `located` are those in any of them, `in_several` those in two or more.
    """

    exposure: TrainingExposureSource | None
    in_several: int
    items: list[TrainingTerritoryStatistics]
    kind: Literal['region', 'department', 'employment_zone', 'epci']
    located: int
    next: NotRequired[str | None]
    on: str
    total: NotRequired[int | None]
    unavailable: list[TrainingUnavailableRead]
    whole: TrainingOfferCounts


class TrainingThesisRead(TypedDict):
    """
    A subject as you may see it; `actions` are what you may do now, where the day allows.
    """

    actions: list[TrainingAction]
    campaign_id: str
    changed_at: str
    created_at: str
    doctoral_school: TrainingtrainingThesisCampaignsSchemasOrganisationRead
    financing: TrainingFinancingRead
    id: str
    institution: TrainingtrainingThesisCampaignsSchemasOrganisationRead
    laboratory: TrainingLaboratoryRead
    rank: int | None
    roles: list[TrainingRole]
    status: TrainingStatus
    summary: str
    title: str
    unit: TrainingtrainingThesisCampaignsSchemasOrganisationRead
    version: int
    waits_for: TrainingRole | None


class TrainingTransitionsRead(TypedDict):
    """
    Where a job leads, and what keeps it.
    """

    data: TrainingDataRead
    exposure: float | None
    items: list[TrainingtrainingRecommendationsTransitionsTransition]
    job: TrainingNamed
    keep: list[TrainingCertificationKept]
    reading: str
    unavailable: list[TrainingUnavailable]


class TrainingtrainingSearchSchemasHit(TypedDict):
    """
    What was found: exactly one of `offer` and `certification`.
    """

    certification: TrainingCertificationHit | None
    distance_km: float | None
    highlight: TrainingHighlight | None
    id: str
    kind: Literal['offer', 'certification']
    offer: TrainingOfferHit | None
    source: TrainingHitSource
    title: str


class DiagnosticAssessmentRead(TypedDict):
    """
    A diagnostic: what to ask next, how far it is, and between which bounds its score lies.
    """

    cohort_id: str | None
    derived_from: str | None
    dimensions: list[DiagnosticDimensionState]
    hidden: list[str]
    id: str
    interval: tuple[float, float] | None
    milestone: str
    organisation_id: str
    prefill: DiagnosticPrefillRead | None
    programme: str | None
    progress: DiagnosticProgress
    questionnaire: DiagnosticGridRef
    questions: list[DiagnosticQuestionState]
    revision: int
    started_at: str
    status: str
    submitted_at: str | None


class DiagnosticCitedFunding(TypedDict):
    """
    An aid as it is today in a draft; in a delivered roadmap as it was cited.
    """

    eligibility: DiagnosticEligibilityRead
    opportunity: DiagnosticOpportunityRead
    updated: bool


class DiagnosticConsolidationRead(TypedDict):
    """
    Where the respondents stand, question by question in the grid's order.
    """

    assessment_id: str
    questions: list[DiagnosticQuestionConsolidation]
    respondents: dict[Literal['invited', 'active', 'done', 'erased'], int]
    revision: int
    status: str


class DiagnosticCrosswalkDimension(TypedDict):
    """
    An axis of the other method: the plain mean of its items.
    """

    code: str
    items: list[DiagnosticItem]
    title: DiagnosticLabel


class DiagnosticFundingRead(TypedDict):
    """
    An aid and whether this company can have it.
    """

    eligibility: DiagnosticEligibilityRead
    opportunity: DiagnosticOpportunityRead


Questions: TypeAlias = DiagnosticSingle | DiagnosticMultiple | DiagnosticBoolean | DiagnosticScale | DiagnosticMatrix | DiagnosticNumber | DiagnosticFreeText | DiagnosticDate | DiagnosticFile


class DiagnosticGridContent(TypedDict):
    """
    One version of a questionnaire, whole.
    """

    code: str
    description: NotRequired[DiagnosticLabel | None]
    dimensions: list[DiagnosticDimension]
    profile: DiagnosticScoringProfile
    questions: list[Questions]
    title: DiagnosticLabel
    version: str


class DiagnosticGridWrite(TypedDict):
    """
    A whole version of a grid; what is wrong with its sense is told by the lint, not refused.
    """

    code: str
    description: NotRequired[DiagnosticLabel | None]
    dimensions: list[DiagnosticDimension]
    profile: DiagnosticScoringProfile
    questions: list[Questions]
    title: DiagnosticLabel
    version: str


class DiagnosticOrganisationSummary(TypedDict):
    """
    Where a company stands in the programme.
    """

    as_of: str
    assessment: DiagnosticSummaryAssessment | None
    organisation: DiagnosticSummaryCompany
    seat: DiagnosticSummarySeat | None


class DiagnosticPageProgrammeRead(TypedDict):
    items: list[DiagnosticProgrammeRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageReminderRead(TypedDict):
    items: list[DiagnosticReminderRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPageRevisionListed(TypedDict):
    items: list[DiagnosticRevisionListed]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class DiagnosticPoolingRead(TypedDict):
    """
    Proposals made of what holds now: the facilitator's are all, a company's those about it.
    """

    cohort_id: str
    companies: list[DiagnosticCompany]
    is_in: bool
    matches: list[DiagnosticMatchRead]
    rules: DiagnosticPoolingRules
    unmet: list[DiagnosticWishRead]
    view: Literal['facilitator', 'participant']


class DiagnosticProgrammeProgress(TypedDict):
    """
    How far a programme is, whole and by quarter; counts are rounded down to multiples of five.

    Everything is zero while the programme has too few companies to be shown.
    """

    actions: DiagnosticActionCounts
    as_of: str
    cohorts: DiagnosticCohortCounts
    companies: int
    k: int
    made_at: str
    programme: str
    quarters: list[DiagnosticQuarterSteps]
    steps: DiagnosticSteps
    title: str


class DiagnosticQuestionnaireRead(TypedDict):
    """
    A version of a grid, whole; scores compare when their `scoring_hash` is equal.
    """

    code: str
    content: DiagnosticGridContent
    content_hash: str
    owner: str
    published_at: str | None
    scoring_hash: str
    status: str
    version: str


class DiagnosticScoreRead(TypedDict):
    """
    A score by the published method; frozen ones never change, and only they have an `id`.
    """

    assessment_id: str
    capped_by: str | None
    complete: bool
    computed_at: str | None
    coverage: float
    dimensions: list[DiagnosticdiagnosticScoresSchemasDimensionRead]
    dont_know: list[str]
    engine_version: str
    evidence: NotRequired[DiagnosticEvidenceCaps | None]
    exact: str | None
    excluded: list[str]
    explanation: DiagnosticExplanationRead
    id: str | None
    input_hash: str
    interval: tuple[float, float] | None
    known_share: float | None
    language: Literal['fr', 'en']
    level: DiagnosticdiagnosticScoresSchemasLevelRead | None
    profile: str
    questionnaire: DiagnosticGridRef
    result_hash: str
    revision: int
    score: float | None
    status: Literal['final', 'provisional']
    uncapped_level: DiagnosticdiagnosticScoresSchemasLevelRead | None


class DiagnosticSearchGroup(TypedDict):
    """
    The best of a kind; `total` counts all of them, `facets` by level where it has levels.
    """

    facets: NotRequired[list[DiagnosticFacet]]
    items: list[DiagnosticSearchHit]
    kind: str
    total: int


class ObservatoryAssessment(TypedDict):
    """
    A unit by a grid; `releases` are those that were known when it was read, by dataflow.
    """

    code: str
    criteria: int
    dimensions: list[ObservatoryAxisRead]
    grid: str
    label: str
    level: ObservatoryLevelRead | None
    measured: int
    reading: str
    releases: dict[str, int]
    subject: str


class ObservatoryAssessments(TypedDict):
    """
    A page of units, by code.
    """

    items: list[ObservatoryAssessment]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryAxis(TypedDict):
    """
    A dimension of the analysis: criteria whose levels become one.
    """

    criteria: list[ObservatoryCriterion]
    id: str
    name: ObservatoryNames
    rule: Literal['highest', 'lowest', 'median', 'most_frequent']


class ObservatoryBudgetRead(TypedDict):
    """
    The budget of a programme: lines by code, funders by code.
    """

    funders: list[ObservatoryFunderRead]
    lines: list[ObservatoryLineRead]
    programme: ObservatoryProgrammeRead


class ObservatoryCells(TypedDict):
    """
    A page of cells.
    """

    items: list[ObservatoryobservatoryIndicesSchemasCell]
    next: NotRequired[str | None]
    release: str
    total: NotRequired[int | None]


class ObservatoryChangeRead(TypedDict):
    """
    A change of exposure and what it is made of.
    """

    after: ObservatorySideRead
    basis: str
    basis_label: str
    before: ObservatorySideRead
    code: str
    effects: ObservatoryEffects
    groups: list[ObservatoryGroupEffect]
    kind: ObservatoryKind
    label: str
    others: ObservatoryGroupEffect | None
    reading: str
    reading_key: ObservatoryobservatoryIndicesSchemasVersioned
    scale: ObservatoryScale
    total: float


class ObservatoryConstants(TypedDict):
    """
    What a version of a method is frozen on.
    """

    golden: list[ObservatoryGolden]
    percentiles: list[float]
    unit_groups: int


class ObservatoryConvertedData(TypedDict):
    """
    Figures of an indicator in another vintage of a classification.
    """

    conversion: ObservatoryConversionRead
    dataflow: str
    decimals: int
    indicator: str
    licence: str
    name: str
    observations: list[ObservatoryFigureConverted]
    release: ObservatoryobservatoryObservationsSchemasReleaseShown
    unit: str


class ObservatoryDataStructure(TypedDict):
    """
    Dimensions and attributes of a dataflow; `ratios` are the codes whose value is a ratio.

    An observation of a ratio must bring its numerator and denominator, or it could not be rolled
    up; `{"MEASURE": ["MEAN"]}` names codes by dimension.
    """

    attributes: NotRequired[list[ObservatoryAttribute]]
    description: NotRequired[ObservatoryNames | None]
    dimensions: list[ObservatoryDimension]
    id: str
    measure: ObservatoryNames
    name: ObservatoryNames
    ratios: NotRequired[dict[str, list[str]]]
    version: NotRequired[str]


class ObservatoryDataflowRead(TypedDict):
    """
    A dataflow with its structure, and how much of it is published now.
    """

    accrual_periodicity: str
    agency: str
    attributes: list[ObservatoryAttributeRead]
    bulk: ObservatoryBulkRead | None
    deprecated: ObservatoryobservatoryStructuresSchemasDeprecated | None
    description: str | None
    dimensions: list[ObservatoryDimensionRead]
    first_period: str | None
    id: str
    indicators: list[ObservatoryIndicatorItem]
    last_period: str | None
    licence: str
    measure: str
    name: str
    observations: int
    present: dict[str, list[str]]
    published_at: str | None
    release: int | None
    series: int
    source: str
    theme: str | None
    urn: str
    version: str


class ObservatoryGrid(TypedDict):
    """
    What is looked at, by which figures, and how levels are combined.

    Figures, keys and rules are all named: the same release gives the same assessment.
    """

    boundary_rule: ObservatoryNames
    codelist: str
    description: NotRequired[ObservatoryNames | None]
    dimensions: list[ObservatoryAxis]
    do_not_conclude: list[ObservatoryNames]
    doi: NotRequired[str | None]
    how_to_read: ObservatoryNames
    id: str
    least_measured: NotRequired[float]
    levels: list[ObservatoryLevel]
    licence: NotRequired[str]
    name: ObservatoryNames
    references: NotRequired[list[ObservatoryReference]]
    rule: Literal['highest', 'lowest', 'median', 'most_frequent']
    subject: Literal['territory', 'sector', 'job']
    tie: Literal['higher', 'lower']
    version: NotRequired[str]


class ObservatoryInstallationRead(TypedDict):
    """
    A kit that was received here, what it changes, and what became of it.
    """

    agency: str
    changed_at: str
    difference: ObservatoryobservatoryKitsSchemasDifference
    failed: list[ObservatoryVectorResult]
    local: dict[str, Literal['created', 'unchanged', 'kept']]
    parameters: ObservatoryParameters | None
    received_at: str
    sha256: str
    state: Literal['dry_run', 'certified', 'failed']
    version: str
    yanked: ObservatoryNames | None


ObservatoryJobExposure = TypedDict(
    'ObservatoryJobExposure',
    {
        'basis': ObservatoryBasis,
        'class': ObservatoryGradeRead | None,
        'code': str,
        'interval': ObservatoryRangeRead,
        'label': str,
        'mean': float,
        'method': ObservatoryobservatoryExposureSchemasMethodRead,
        'occupations': list[ObservatoryOccupationRead],
        'ranges': ObservatoryJobRanges,
        'reading': str,
        'release': str,
        'sd': float,
        'se': float,
        'sources': list[ObservatoryobservatoryExposureSchemasSourceRead],
        'tasks': int,
    },
)


class ObservatoryMethodDetail(TypedDict):
    """
    A version of a method with its frozen constants.
    """

    citation: str
    constants: ObservatoryConstants
    formula: str
    grid: ObservatoryobservatoryIndicesSchemasVersioned
    headline: bool
    id: str
    licence: str
    limits: list[str]
    loaded: bool
    measures: str
    name: str
    parameters: dict[str, float]
    reading_key: ObservatoryobservatoryIndicesSchemasVersioned
    scale: str
    version: str


class ObservatoryPageInstallationRead(TypedDict):
    items: list[ObservatoryInstallationRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageReadingKeyRead(TypedDict):
    items: list[ObservatoryReadingKeyRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageRollUpRead(TypedDict):
    items: list[ObservatoryRollUpRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class ObservatoryPageSectorExposureItem(TypedDict):
    items: list[ObservatorySectorExposureItem]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


ObservatoryProvenance = TypedDict(
    'ObservatoryProvenance',
    {
        'certain': NotRequired[str | None],
        'class': NotRequired[str | None],
        'class_name': NotRequired[str | None],
        'dataflow': str,
        'decimals': int,
        'definition': str,
        'figure': ObservatoryobservatoryProvenanceSchemasFigure,
        'history': str,
        'indicator': str,
        'known_in': int,
        'licence': str,
        'method': ObservatoryMethodShown,
        'name': str,
        'reading': str,
        'reading_key': str,
        'release': ObservatoryobservatoryReleasesSchemasReleaseRead,
        'unit': str,
    },
)


class ObservatorySearchGroup(TypedDict):
    """
    The best of a kind; `total` counts all of them, `facets` by level where it has levels.
    """

    facets: NotRequired[list[ObservatoryFacet]]
    items: list[ObservatorySearchHit]
    kind: str
    total: int


class ObservatorySection(TypedDict):
    """
    A part of the study; `absent` where it could not be made, or not whole.
    """

    absent: ObservatoryAbsence | None
    id: Literal['changes', 'people', 'certainty', 'strengths', 'weaknesses', 'problems', 'training', 'calls', 'mobilities']
    statements: list[ObservatoryStatement]
    title: str


class ObservatoryStructures(TypedDict):
    """
    Artefacts that are published together, or none of them.
    """

    agency: NotRequired[str | None]
    code_maps: NotRequired[list[ObservatoryCodeMap]]
    codelists: NotRequired[list[ObservatoryCodelist]]
    concept_schemes: NotRequired[list[ObservatoryConceptScheme]]
    data_structures: NotRequired[list[ObservatoryDataStructure]]
    dataflows: NotRequired[list[ObservatoryDataflow]]
    grids: NotRequired[list[ObservatoryGrid]]
    indicators: NotRequired[list[ObservatoryIndicator]]
    reading_keys: NotRequired[list[ObservatoryReadingKeyInput]]
    sheets: NotRequired[list[ObservatorySheet]]


class ObservatoryStudy(TypedDict):
    """
    An impact study.
    """

    as_of: str | None
    basis: ObservatoryBasis
    code: str
    figures: list[ObservatoryobservatoryStudySchemasFigure]
    hidden: int
    kind: Literal['sectors', 'jobs', 'territories']
    label: str
    language: Literal['fr', 'en']
    references: str
    region: str
    releases: list[ObservatoryobservatoryStudySchemasReleaseShown]
    rules: ObservatoryobservatoryStudySchemasVersioned
    sections: list[ObservatorySection]
    template: ObservatoryobservatoryStudySchemasVersioned
    title: str


class ObservatoryUnitRange(TypedDict):
    """
    The exposure of a unit by every loaded method.
    """

    agreement: ObservatoryAgreement
    basis: str
    basis_label: str
    budget: ObservatoryBudget
    code: str
    coverage: ObservatoryobservatoryIndicesSchemasCoverage
    grid: ObservatoryobservatoryIndicesSchemasVersioned
    kind: ObservatoryKind
    label: str
    methods: list[ObservatoryMethodFigures]
    range: ObservatoryobservatoryIndicesSchemasSpan
    reading: str
    reading_key: ObservatoryobservatoryIndicesSchemasVersioned
    release: str


class ObservatoryobservatoryKeysSchemasGridRead(TypedDict):
    """
    A grid, in both languages.
    """

    agency: str
    content: ObservatoryGrid
    deprecated: ObservatoryobservatoryKeysSchemasDeprecated | None
    foreign: bool
    published_at: str | None
    sha256: str
    state: Literal['draft', 'published', 'deprecated']
    urn: str


class TrainingContinuityRead(TypedDict):
    """
    What a certification allows on a day, and where it goes on; null is "no source says".
    """

    blocs_left: list[str] | None
    carries_over: list[TrainingCarryOver]
    complete: bool
    cyclic: bool
    dangling: list[str]
    delivery_ends_on: str | None
    enrol_in: list[str]
    enrolment_ends_on: str | None
    explanation: str
    may_deliver: bool | None
    may_enrol: bool | None
    number: str
    on: str
    replacements: list[TrainingReplacement]
    source: TrainingSource
    state: TrainingtrainingCertificationsLifecycleState


class TrainingCourse(TypedDict):
    """
    A formation of one provider.
    """

    addresses: NotRequired[list[TrainingAddress] | None]
    consumer: TrainingConsumer
    courseId: str
    description: list[TrainingtrainingOeapiSchemasSaid]
    fieldsOfStudy: NotRequired[str | None]
    firstStartDate: NotRequired[str | None]
    link: NotRequired[str | None]
    modesOfDelivery: list[str]
    name: list[TrainingtrainingOeapiSchemasSaid]
    organisation: NotRequired[TrainingOrganisation | None]
    organisationId: str
    otherCodes: list[TrainingCode]
    primaryCode: TrainingCode
    programmeIds: list[str]
    programmes: NotRequired[list[TrainingProgramme] | None]
    qualificationRequirements: NotRequired[list[TrainingtrainingOeapiSchemasSaid] | None]
    studyLoad: NotRequired[list[TrainingStudyLoad] | None]
    teachingLanguages: NotRequired[list[str] | None]
    timelineOverrides: NotRequired[list[Any] | None]


class TrainingCourseOffering(TypedDict):
    """
    A session of a formation.
    """

    addresses: NotRequired[list[TrainingAddress] | None]
    consumer: TrainingConsumer
    course: NotRequired[TrainingCourse | None]
    courseId: str
    courseOfferingId: str
    endDateTime: NotRequired[str | None]
    enrolmentPeriods: NotRequired[list[TrainingEnrolmentPeriod] | None]
    flexibleEntryPeriodEndDateTime: NotRequired[str | None]
    flexibleEntryPeriodStartDateTime: NotRequired[str | None]
    modesOfDelivery: list[str]
    name: list[TrainingtrainingOeapiSchemasSaid]
    organisation: NotRequired[TrainingOrganisation | None]
    organisationId: str
    priceInformation: NotRequired[list[TrainingCost] | None]
    primaryCode: TrainingCode
    programmeOfferingIds: list[str]
    startDateTime: NotRequired[str | None]
    state: str
    teachingLanguages: NotRequired[list[str] | None]


class TrainingCoveragePage(TypedDict):
    """
    A page of jobs, by code.
    """

    exposure: TrainingExposureSource | None
    items: list[TrainingJobCoverage]
    next: NotRequired[str | None]
    on: str
    territory: TrainingTerritoryRead
    total: NotRequired[int | None]
    unavailable: list[TrainingUnavailableRead]


class TrainingDuplicatesRead(TypedDict):
    """
    What looks like a second time of a formation, or of one of its actions.
    """

    actions: list[TrainingActionDuplicate]
    formation: str
    formations: list[TrainingFormationDuplicate]


class TrainingEquivalenceRead(TypedDict):
    """
    Two sets of blocs that the fiche of the first holds for equivalent.
    """

    other: TrainingLinked
    source: TrainingBlocSet
    target: TrainingBlocSet


class TrainingExpiryRead(TypedDict):
    """
    What the end of one certification does to one of your offers, as it stands today.
    """

    certification: TrainingEndingRead
    days_left: int
    delivery_limit: str | None
    ends_on: str
    formation: TrainingFormationHit
    replacement: TrainingtrainingExpiriesSchemasReplacementRead | None
    sessions: list[TrainingSessionHit]
    sessions_hit: int


class TrainingKindSummary(TypedDict):
    """
    The jobs of a kind, and what is covered of them.
    """

    by_audience: list[TrainingAudiencePart]
    by_origin: TrainingOriginParts
    covered: TrainingPart
    employment: float | None
    jobs: int
    missing: TrainingMissingParts
    offers: TrainingJobOffers


class TrainingListedCourseOffering(TypedDict):
    hasNextPage: bool
    hasPreviousPage: bool
    items: list[TrainingCourseOffering]
    pageNumber: int
    pageSize: int


class TrainingListedCourse(TypedDict):
    hasNextPage: bool
    hasPreviousPage: bool
    items: list[TrainingCourse]
    pageNumber: int
    pageSize: int


class TrainingListedOrganisation(TypedDict):
    hasNextPage: bool
    hasPreviousPage: bool
    items: list[TrainingOrganisation]
    pageNumber: int
    pageSize: int


class TrainingListedProgrammeOffering(TypedDict):
    hasNextPage: bool
    hasPreviousPage: bool
    items: list[TrainingProgrammeOffering]
    pageNumber: int
    pageSize: int


class TrainingListedProgramme(TypedDict):
    hasNextPage: bool
    hasPreviousPage: bool
    items: list[TrainingProgramme]
    pageNumber: int
    pageSize: int


class TrainingOfferHabilitationRead(TypedDict):
    """
    Whether a provider may offer what it offers, judged now by what the catalogue holds.
    """

    certifications: list[TrainingOfferedRead]
    flags: list[TrainingFlagRead]
    formation: str
    on: str
    qualiopi: TrainingQualiopiRead
    siret: str


class TrainingPageEquivalenceRead(TypedDict):
    items: list[TrainingEquivalenceRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageExpiryRead(TypedDict):
    items: list[TrainingExpiryRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageStepRead(TypedDict):
    items: list[TrainingStepRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageSuccessionRead(TypedDict):
    items: list[TrainingSuccessionRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPageThesisRead(TypedDict):
    items: list[TrainingThesisRead]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingPathRead(TypedDict):
    """
    Courses one after the other within the limits; their dates are not compared.
    """

    applicable: bool
    euros: float
    hours: float
    match: float
    more: TrainingMore | None
    readiness: float
    steps: list[TrainingStep]


class TrainingPreviewShown(TypedDict):
    """
    A proposal as a link shows it: it may change, and it may never be published.
    """

    expires_at: str
    kind: Literal['certification', 'offer']
    notice: TrainingLabel
    payload: dict[str, Any]
    state: TrainingStateRead
    title: str


class TrainingProposalRead(TypedDict):
    """
    A proposal whole.
    """

    allowed: list[TrainingAllowedRead]
    clock: TrainingClockRead
    complement: TrainingComplementRead | None
    created_at: str
    id: str
    kind: Literal['certification', 'offer']
    organisation: str
    payload: dict[str, Any]
    published: TrainingPublishedRead | None
    reviewers: list[str]
    state: TrainingStateRead
    submitted_at: str | None
    title: str
    updated_at: str
    version: int


class TrainingProposalSummary(TypedDict):
    """
    A proposal in a list.
    """

    clock: TrainingClockRead
    created_at: str
    id: str
    kind: Literal['certification', 'offer']
    organisation: str
    state: TrainingStateRead
    submitted_at: str | None
    title: str
    updated_at: str
    version: int


class TrainingSearchPage(TypedDict):
    """
    A page of hits, the best first, with what they may be narrowed by.
    """

    facets: dict[str, list[TrainingFacetValue]] | None
    items: list[TrainingtrainingSearchSchemasHit]
    next: str | None
    query: TrainingUnderstood
    total: int | None


class TrainingTargetRead(TypedDict):
    """
    What brings somebody to one job.
    """

    applicable: bool | None
    basis: str
    considered: int
    courses: list[TrainingCourseRead]
    demand: float | None
    exclusions: TrainingExclusions
    exposure: float | None
    gaps: list[TrainingtrainingRecommendationsAnswersGap]
    job: TrainingNamed
    match: float | None
    matched: int
    path: TrainingPathRead | None
    readiness: float | None
    reason: str | None
    status: Literal['recommended', 'target_reached', 'nothing_fits', 'insufficient_data']
    weights: dict[str, float]


class DiagnosticActionRead(TypedDict):
    """
    An action in its place: `gain` in points of the global score, `priority` gain by effort.

    One of the company's own has no text of the catalogue and gains nothing.
    """

    allowed: list[DiagnosticActionStatus]
    because: list[DiagnosticQuestionRef]
    certifications: list[DiagnosticCertificationRead]
    changed_at: str
    code: str
    due_on: str | None
    effort: Literal['XS', 'S', 'M', 'L', 'XL']
    funding: list[DiagnosticCitedFunding]
    gain: float
    gain_exact: str
    horizon_months: int
    how: list[str]
    id: str
    impact: int
    is_own: bool
    note: str | None
    owner_id: str | None
    position: int
    prerequisites: list[str]
    priority: float
    progress: int
    quadrant: Literal['quick_win', 'big_bet', 'fill_in', 'avoid']
    reason: str | None
    starts_on: str | None
    status: DiagnosticActionStatus
    title: str
    version: int
    waiting_for: list[str]
    why: str
    without: list[str]


class DiagnosticCrosswalk(TypedDict):
    """
    A reading of one grid as another method; `verified` once its source itself was read.
    """

    code: str
    dimensions: list[DiagnosticCrosswalkDimension]
    note: DiagnosticLabel
    questionnaire: str
    source: str
    source_url: str
    title: DiagnosticLabel
    verified: bool
    versions: list[Version]


class DiagnosticCrosswalkList(TypedDict):
    """
    The crosswalks that ship for a grid; there are few, so there is one page.
    """

    items: list[DiagnosticCrosswalk]


class DiagnosticFundingList(TypedDict):
    """
    The aids of the catalogue for one company: eligible first, then unknown, then not.
    """

    items: list[DiagnosticFundingRead]
    next_question: DiagnosticNextQuestionRead | None
    organisation_id: str


class DiagnosticRoadmapRead(TypedDict):
    """
    The actions that the answers call for, in the order to take them.
    """

    actions: list[DiagnosticActionRead]
    assessment_id: str
    created_at: str
    delivered_at: str | None
    id: str
    organisation_id: str
    progress: DiagnosticProgressRead
    score: DiagnosticScoreProspect
    sector: DiagnosticExposureRead | None
    status: Literal['draft', 'delivered']
    unavailable: list[DiagnosticMissing]


class DiagnosticSearchAnswer(TypedDict):
    """
    What was found, by kind, in the order that the kinds were asked for.
    """

    groups: list[DiagnosticSearchGroup]
    query: DiagnosticQuestionRead


class ObservatorySearchAnswer(TypedDict):
    """
    What was found, by kind, in the order that the kinds were asked for.
    """

    groups: list[ObservatorySearchGroup]
    query: ObservatoryQuestionRead


class TrainingCoverageSummary(TypedDict):
    """
    What the open offer covers of the jobs of the programme.
    """

    by_class: list[TrainingGradePart]
    emerging: TrainingKindSummary
    existing: TrainingKindSummary
    exposure: TrainingExposureSource | None
    offers: TrainingOfferCounts
    on: str
    territory: TrainingTerritoryRead
    unavailable: list[TrainingUnavailableRead]
    whole_offer: TrainingOfferCounts


class TrainingPageProposalSummary(TypedDict):
    items: list[TrainingProposalSummary]
    next: NotRequired[str | None]
    total: NotRequired[int | None]


class TrainingRecommended(TypedDict):
    """
    What is recommended; the profile is not repeated, stored or logged.
    """

    aim: Literal['move', 'stay', 'less_exposed']
    data: TrainingDataRead
    exposure: float | None
    job: TrainingNamed | None
    method: TrainingMethodRead
    on: str
    replaced: list[TrainingReplaced]
    targets: list[TrainingTargetRead]
    unavailable: list[TrainingUnavailable]
