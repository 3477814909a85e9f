-- Order of names in lists: site2.example before site10.example. No index uses it, so another version of ICU changes no data.
CREATE COLLATION "natural_order" (provider = icu, locale = 'und-u-kn-true');
