-- The small change of the other scripts: draws, dates, check characters.

-- A draw in [0, 1) that depends on the seed, a number and a salt alone.  The shift keeps the streams of different
-- salts apart.
create macro draw(number, salt) as
    cast(
        hash(xor(cast(number * 1048576 + salt as ubigint), hash(cast(getvariable('seed') as bigint)))) >> 11 as double
    ) / 9007199254740992;

-- Whether something goes wrong; even the laxest sometimes get it right.
create macro slips(number, salt, chance) as draw(number, salt) < least(chance, 0.95);

-- What is left of the most after a loss that grows with the laxity: half to one and a half times the usual one.
create macro short_of(most, loss, laxity, chance) as greatest(0, most - loss * laxity * (0.5 + chance));

-- A number without what stands behind its point.
create macro whole(amount) as cast(floor(amount) as integer);

-- A day from the first to the last, both included; the first where they are the wrong way round.
create macro day_between(first_day, last_day, chance) as
    first_day + whole(chance * greatest(last_day - first_day + 1, 1));

-- A day in one of the equal stretches into which the history is cut.
create macro slot_day(slot, days, chance) as
    getvariable('behaviour').city.history_begins + cast(slot * days + whole(chance * days) as integer);

-- A day, or null where the platform cannot know of it yet.
create macro known(day_of_event) as
    case when day_of_event <= getvariable('behaviour').city.handed_over then day_of_event end;

-- A moment of a day in Shanghai, from a chance within the given hours.
create macro moment(day_of_event, first_hour, hours, chance) as
    cast(
        cast(day_of_event as timestamp)
        - interval 8 hour
        + to_seconds(first_hour * 3600 + whole(chance * hours * 3600)) as timestamptz
    );

-- When the platform last touched a row whose latest day is given.
create macro touched(latest_day, number) as
    moment(least(latest_day, getvariable('behaviour').city.handed_over), 8, 14, draw(number, 1));

-- Text of fixed length from a number, after a prefix.
create macro label(prefix, number, digits) as prefix || lpad(cast(number as varchar), digits, '0');

-- Money from hundredths of a yuan, exactly.
create macro yuan(cents) as
    cast(cast(cents as decimal(16, 0)) * cast(0.01 as decimal(3, 2)) as decimal(14, 2));

-- An element of a list, each as likely as the next.
create macro pick(choices, chance) as choices[1 + whole(chance * len(choices))];

-- GB 11714: check character of an organization code of 8 digits.
create macro organization_check(code) as
    substr(
        '0X987654321',
        1 + cast(
            list_sum(
                list_transform(
                    list_zip(string_split(code, ''), [3, 7, 9, 10, 5, 8, 4, 2]),
                    lambda pair: cast(pair[1] as integer) * pair[2]
                )
            ) % 11 as integer
        ),
        1
    );

-- GB 32100: check character of the first 17 characters of a unified social credit code.
create macro credit_check(code) as
    substr(
        '0123456789ABCDEFGHJKLMNPQRTUWXY',
        1 + cast(
            (
                31 - list_sum(
                    list_transform(
                        list_zip(
                            string_split(code, ''), [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
                        ),
                        lambda pair: (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', pair[1]) - 1) * pair[2]
                    )
                ) % 31
            ) % 31 as integer
        ),
        1
    );

-- GB 11643: check character of the first 17 digits of an identity number, given as a number: arithmetic, for there
-- are many.
create macro identity_check(code) as
    substr(
        '10X98765432',
        1 + cast(
            (
                code // 10000000000000000 % 10 * 7
                + code // 1000000000000000 % 10 * 9
                + code // 100000000000000 % 10 * 10
                + code // 10000000000000 % 10 * 5
                + code // 1000000000000 % 10 * 8
                + code // 100000000000 % 10 * 4
                + code // 10000000000 % 10 * 2
                + code // 1000000000 % 10
                + code // 100000000 % 10 * 6
                + code // 10000000 % 10 * 3
                + code // 1000000 % 10 * 7
                + code // 100000 % 10 * 9
                + code // 10000 % 10 * 10
                + code // 1000 % 10 * 5
                + code // 100 % 10 * 8
                + code // 10 % 10 * 4
                + code % 10 * 2
            ) % 11 as integer
        ),
        1
    );
