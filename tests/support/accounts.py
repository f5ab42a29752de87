"""Made-up accounts of unions that are not measured and of refused rows.

Each kind of reason and of value is there, and some rows have no place.
"""

import duckdb

COUNTY = "330302"
NEVER_LINKED, REFUSED, NOWHERE = "U0000440", "U0009001", "U0009002"
UNMEASURED = f"""
    select * from (values
        (
            '{NEVER_LINKED}', '91330302566542982N', '瓯泰4有限公司', '{COUNTY}001',
            'never_linked', null
        ),
        (
            'U0000002', '91330302825979190U', '=1+1泰0有限公司', '{COUNTY}003',
            'enterprise_closed', '2020-10-29'
        ),
        (
            'U0000002', '91330302825979190U', '=1+1泰0有限公司', '{COUNTY}003',
            'never_linked', null
        ),
        (
            '{REFUSED}', '91330302222057877B', '<img src=x onerror=alert(3)>', '{COUNTY}002',
            'row_refused', null
        ),
        ('{NOWHERE}', null, null, null, 'row_refused', null)
    ) as rows (union_id, enterprise_id, name_zh, township_code, reason, happened_on)
"""
MANY = 60
REFUSED_ROWS = f"""
    select * from (values
        ('union_org', '{REFUSED}', 'predicate', 'committee_term_years in (3, 5)', 1),
        ('union_org', '{NOWHERE}', 'reference', 'enterprise_id', 2),
        ('member', 'M0000001', 'enumeration', 'gender', 1),
        ('enterprise', '91330302222057877B', 'type', 'employee_count', 1),
        ('venue', 'N0000001', 'enumeration', 'kind', 1),
        ('violation', 'V0000001', 'null', 'found_on', 1),
        ('violation', 'V0000002', 'enumeration', 'kind', 2),
        ('violation', 'V0000002', 'merged', 'violation_id', 3)
    ) as rows (source_table, source_key, rule, detail, landing_row)
    union all
    select 'activity', format('A{{:07d}}', number), 'predicate', 'participants >= 0', number
    from range(1, {MANY + 1}) as numbers (number)
"""
PLACES = f"""
    select
        source_table,
        landing_row,
        case when source_key <> '{NOWHERE}' then '{COUNTY}001' end as region_code,
        case
            when source_table = 'enterprise' then source_key
            when source_key = '{REFUSED}' then '91330302222057877B'
        end as enterprise_id,
        case
            when source_table = 'union_org' then source_key
            when source_table <> 'member' then '{NEVER_LINKED}'
        end as union_id
    from ({REFUSED_ROWS}) where rule <> 'merged'
"""
VALUES = f"""
    select * from (values
        ('union_org', 1, 'committee_term_years', false, '4'),
        ('union_org', 2, 'enterprise_id', null, null),
        ('venue', 1, 'kind', false, '<script>alert(4)</script>'),
        ('violation', 2, 'kind', true, null)
    ) as rows (source_table, landing_row, column_name, looks_personal, landed_value)
    union all
    select 'activity', number, 'participants', false, cast(-number as varchar)
    from range(1, {MANY + 1}) as numbers (number)
"""
ACCOUNTS = {
    "unmeasured_unions": (
        f"select * replace (cast(happened_on as date) as happened_on) from ({UNMEASURED})"
    ),
    "refused_rows": REFUSED_ROWS,
    "refused_places": PLACES,
    "refused_values": VALUES,
}


def write_staging(folder):
    """Write the accounts as a candidate has them into a new folder."""
    folder.mkdir()
    with duckdb.connect() as connection:
        for name, query in ACCOUNTS.items():
            connection.execute(f"copy ({query}) to '{folder / f'{name}.parquet'}'")
