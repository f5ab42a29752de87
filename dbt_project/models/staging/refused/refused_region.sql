{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
{{ refused_rows('region') }}
