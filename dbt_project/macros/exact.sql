{#
  Exact arithmetic (contract, Exactness): figures are decimals with 4 places; a quotient is made from integers and rounded once,
  half away from zero: round(n / d) = sign(n) * floor((2|n| + d) / (2d)) in units of 0.0001, with 128-bit integers in between.
  Figures are widened to integers before anything is multiplied or added, for a product of narrow decimals overflows.
#}

{# The type of every published figure. #}
{% macro figure_type() -%} decimal(18, 4) {%- endmacro %}

{# A decimal of at most 4 places as an exact integer number of units of 0.0001. #}
{% macro units(figure) -%} {{ wide_integer('cast(' ~ figure ~ ' as decimal(38, 4)) * 10000') }} {%- endmacro %}

{% macro wide_integer(expression) -%} {{ adapter.dispatch('wide_integer')(expression) }} {%- endmacro %}
{% macro default__wide_integer(expression) -%} cast({{ expression }} as decimal(38, 0)) {%- endmacro %}
{% macro duckdb__wide_integer(expression) -%} cast({{ expression }} as hugeint) {%- endmacro %}

{% macro integer_quotient(dividend, divisor) -%} {{ adapter.dispatch('integer_quotient')(dividend, divisor) }} {%- endmacro %}
{% macro default__integer_quotient(dividend, divisor) -%} (({{ dividend }}) div ({{ divisor }})) {%- endmacro %}
{% macro duckdb__integer_quotient(dividend, divisor) -%} (({{ dividend }}) // ({{ divisor }})) {%- endmacro %}

{# n / d as a figure; n and d > 0 are wide integers with n / d counted in units of 0.0001. #}
{% macro rounded_units(n, d) -%}
    cast(
        cast(
            sign({{ n }}) * {{ integer_quotient('2 * abs(' ~ n ~ ') + (' ~ d ~ ')', '2 * (' ~ d ~ ')') }} as decimal(32, 0)
        ) * cast(0.0001 as decimal(5, 4)) as {{ figure_type() }}
    )
{%- endmacro %}

{# factor * numerator / denominator as a figure; both are decimals of at most 4 places, the denominator above 0. #}
{% macro ratio(numerator, denominator, factor=1) -%}
    {{ rounded_units(units(numerator) ~ ' * ' ~ factor ~ ' * 10000', units(denominator)) }}
{%- endmacro %}

{# Mean of a column of figures, null over no rows. #}
{% macro mean(figure) -%}
    {{ rounded_units('sum(' ~ units(figure) ~ ')', 'nullif(count(' ~ figure ~ '), 0)') }}
{%- endmacro %}

{# weight * rate / 100 as a figure. #}
{% macro points(weight, rate) -%}
    {{ rounded_units(units(weight) ~ ' * ' ~ units(rate), '1000000') }}
{%- endmacro %}
