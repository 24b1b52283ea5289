"""The one query for each answer that a floor gives: its columns are the fields of the answer.

A floor knows which agency asks and is told the links of the page and what a role may do: it
authenticates nobody, judges no parameter and counts no calls. That is what makes it a floor.
"""

from dataclasses import dataclass

_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


def _moment(column: str) -> str:
    """As ISO 8601; whole seconds without the fraction, as Python writes them."""
    return f"replace(to_char({column} AT TIME ZONE 'UTC', '{_MOMENT}'), '.000000Z', 'Z')"


_REQUEST = f"""
    r.reference, r.reference AS handle, %(base)s || 'requests/' || r.reference || '/' AS url,
    json_build_object('code', p.code, 'name', p.name_en) AS party,
    json_build_object('key', s.key, 'name', s.name_en) AS support,
    r.state, r.urgency, r.language,
    CASE WHEN a.id IS NULL THEN NULL
         ELSE json_build_object('code', a.code, 'name', a.name_en) END AS lead_agency,
    {_moment("r.submitted_at")} AS submitted_at, {_moment("r.updated_at")} AS updated_at
"""
_REQUESTS = """
    FROM requests_app_supportrequest r
    JOIN partners_party p ON p.id = r.party_id
    JOIN requests_app_support s ON s.id = r.support_id
    LEFT JOIN partners_agency a ON a.id = r.lead_agency_id
    WHERE EXISTS (SELECT 1 FROM requests_app_referral f WHERE f.support_request_id = r.id
                  AND f.agency_id = %(agency)s AND f.state <> 'recalled')
"""
LIST = f"""
    SELECT {_REQUEST} {_REQUESTS} AND r.state = 'referred' AND r.urgency = 'high'
    ORDER BY r.id DESC LIMIT 50
"""  # noqa: S608 - here and below: nothing comes from outside
PAGE = f"SELECT {_REQUEST} {_REQUESTS} AND r.id < %(beyond)s ORDER BY r.id DESC LIMIT 50"  # noqa: S608

_REFERRALS = f"""
    (SELECT json_agg(json_build_object(
        'id', f.id, 'url', %(base)s || 'referrals/' || f.id || '/',
        'agency', json_build_object('code', g.code, 'name', g.name_en), 'state', f.state,
        'note', f.note, 'answer_due_on', f.answer_due_on, 'answer', f.answer,
        'started_on', f.started_on, 'delivered_on', f.delivered_on, 'outcome', f.outcome,
        'sent_at', {_moment("f.sent_at")},
        'answered_at', {_moment("f.answered_at")}, 'updated_at', {_moment("f.updated_at")},
        'version', f.version) ORDER BY f.id)
     FROM requests_app_referral f JOIN partners_agency g ON g.id = f.agency_id
     WHERE f.support_request_id = r.id AND f.agency_id = %(agency)s AND f.state <> 'recalled')
"""  # noqa: S608
_FILES = f"""
    (SELECT json_agg(json_build_object(
        'id', t.id,
        'url', %(base)s || 'requests/' || r.reference || '/attachments/' || t.id || '/',
        'agency', NULL::json, 'kind', t.kind, 'name', t.name, 'content_type', t.content_type,
        'size', t.size,
        'sha256', t.sha256, 'added_at', {_moment("t.added_at")}, 'scan', t.scan) ORDER BY t.id)
     FROM requests_app_attachment t WHERE t.support_request_id = r.id AND t.released_at IS NOT NULL
     AND (t.openness = 'open' OR t.openness = 'as_request' AND r.documents = 'open'))
"""  # noqa: S608
DETAIL = f"""
    SELECT {_REQUEST},
    (SELECT v.answers::json FROM requests_app_requestversion v WHERE v.support_request_id = r.id
     ORDER BY v.number DESC LIMIT 1) AS answers,
    {_REFERRALS} AS referrals, {_FILES} AS attachments, %(allowed)s::json AS allowed_actions
    {_REQUESTS} AND r.reference = %(reference)s
"""  # noqa: S608

# Which events the agency may read, for those that bench.api_data and bench.tracker_data write.
EVENTS = f"""
    SELECT e.id, e.kind, %(labels)s::json ->> e.kind AS label,
        json_build_object(
            'type', CASE e.subject_type WHEN 'requests_app.supportrequest' THEN 'request'
                                        ELSE 'referral' END,
            'id', CASE WHEN f.id IS NOT NULL THEN f.id END,
            'request', r.reference, 'party', p.code) AS subject,
        e.effective_on::text, e.precision, {_moment("e.recorded_at")} AS recorded_at,
        json_build_object('name', e.actor_name, 'body', e.actor_body) AS actor, e.source,
        e.changes::json AS changes
    FROM history_event e
    LEFT JOIN requests_app_referral f
        ON f.id = e.subject_id AND e.subject_type = 'requests_app.referral'
    LEFT JOIN requests_app_supportrequest r ON r.id = coalesce(f.support_request_id,
        CASE WHEN e.subject_type = 'requests_app.supportrequest' THEN e.subject_id END)
    LEFT JOIN partners_party p ON p.id = r.party_id
    WHERE e.id > %(after)s AND (
        e.subject_type = 'requests_app.referral' AND f.agency_id = %(agency)s
        OR e.subject_type = 'requests_app.supportrequest'
        AND (e.kind IN ('requests.submit', 'requests.accept', 'requests.start',
                        'requests.complete', 'requests.decline', 'requests.withdraw')
             OR e.kind = 'requests.fund' AND r.lead_agency_id = %(agency)s)
        AND EXISTS (SELECT 1 FROM requests_app_referral o WHERE o.support_request_id = r.id
                    AND o.agency_id = %(agency)s AND o.state <> 'recalled'))
    ORDER BY e.id LIMIT 50
"""  # noqa: S608

_NUMBER = (
    "array_position(ARRAY['request', 'nomination_of_focal_point', 'preparatory_work', "
    "'initial_meeting', 'in_country_mission', 'report_draft', 'action_plan', 'presentation', "
    "'follow_up'], {step}::text)"
)
TOOLKIT = f"""
    WITH holding AS (
        SELECT DISTINCT ON (record.implementation_id, record.step) record.*
        FROM toolkit_steprecord record
        JOIN toolkit_implementation owner ON owner.id = record.implementation_id
        WHERE record.replaced_at IS NULL AND record.effective_on <= CURRENT_DATE
          AND (record.is_published OR owner.state = 'public' OR owner.lead_agency_id = %(agency)s)
        ORDER BY record.implementation_id, record.step, record.event_id DESC
    ), cells AS (
        SELECT i.id, status.step, status.position, h.state, h.effective_on, h.precision, h.source,
            h.event_id, status.expected_on, agency.code AS agency
        FROM toolkit_implementation i
        JOIN toolkit_stepstatus status ON status.implementation_id = i.id
        LEFT JOIN partners_agency agency ON agency.id = status.agency_id
        LEFT JOIN holding h ON h.implementation_id = i.id AND h.step = status.step
        WHERE i.id = ANY(%(ids)s)
    ), steps AS (
        SELECT id, json_object_agg(step, json_build_object(
            'state', coalesce(state, 'not_started'), 'effective_on', effective_on,
            'precision', precision, 'source', coalesce(source, ''), 'event', event_id,
            'responsible_agency', agency, 'expected_on', expected_on) ORDER BY position) AS steps,
            max({_NUMBER.format(step="step")}) FILTER (WHERE state = 'done' AND step <> 'follow_up')
                AS reached,
            bool_or(state = 'done' AND step = 'presentation') AS presented
        FROM cells GROUP BY id
    )
    SELECT i.id, json_build_object('code', p.code, 'name', p.name_en, 'region',
            json_build_object('key', g.key, 'name', g.name_en)) AS party,
        i.cycle, CASE WHEN presented THEN 'complete' WHEN reached >= 4 THEN 'in_process'
            WHEN reached >= 2 THEN 'planning_phase'
            WHEN reached >= 1 THEN 'request_received' END AS phase,
        l.code AS lead_agency, i.state <> 'private' AS is_public, i.state AS publicity, steps.steps
    FROM toolkit_implementation i JOIN steps ON steps.id = i.id
    JOIN partners_party p ON p.id = i.party_id JOIN partners_region g ON g.id = p.region_id
    LEFT JOIN partners_agency l ON l.id = i.lead_agency_id
    ORDER BY array_position(%(ids)s, i.id)
"""  # noqa: S608


@dataclass(frozen=True)
class Floor:
    """A query; and what stands around its rows, or None where the one row is the whole answer."""

    sql: str
    is_page: bool = True


FLOORS = {
    "list": Floor(LIST),
    "page": Floor(PAGE),
    "detail": Floor(DETAIL, is_page=False),
    "events": Floor(EVENTS),
    "toolkit": Floor(TOOLKIT),
}
