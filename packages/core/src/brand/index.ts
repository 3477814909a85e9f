export { findFamilyBrand, getBrand, getFamilyLogo, getLogo, presentBrand } from "./get-brand.ts";
export { removeLogo, setBrand, setLogo } from "./set-brand.ts";
