export { findOwnHost, isInFamily, type OwnHost } from "./find-own-host.ts";
export { findFamilyBrand, getBrand, getFamilyLogo, getLogo, presentBrand, presentSite } from "./get-brand.ts";
export { removeLogo, setBrand, setLogo } from "./set-brand.ts";
