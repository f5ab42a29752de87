{# What is made of the parameters: the larger areas that the code of an area begins with, and texts with their values. #}

{% macro county_of(code) -%} substr({{ code }}, 1, {{ parameters().county_code_length }}) {%- endmacro %}
{% macro city_of(code) -%} substr({{ code }}, 1, {{ parameters().city_code_length }}) {%- endmacro %}

{# A text with the parameters that it names as `{name}` filled in. #}
{% macro with_parameters(text) %}
    {% set filled = namespace(text=text) %}
    {% for name, value in parameters().items() %}
        {% set filled.text = filled.text.replace('{' ~ name ~ '}', value | string) %}
    {% endfor %}
    {{ return(filled.text) }}
{% endmacro %}
