import { expect, test } from "vitest";
import { typeAhead } from "./type-ahead.ts";

const press = (key: string, held: object = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false },
  ...held,
});
const type = (...keys: string[]) => keys.reduce((text, key) => typeAhead(text, press(key)) ?? text, "");

test("letters typed before there is a field are kept, Backspace takes one back, other keys add nothing", () => {
  expect(type("b", "a", "k", "e", " ", "ü", "😀")).toBe("bake ü😀");
  expect(type("a", "😀", "Backspace")).toBe("a");
  expect(type("Backspace", "a")).toBe("a");
  expect(type("a", "Shift", "Enter", "Tab", "ArrowDown", "F5", "Dead")).toBe("a");
});

test("a chord is not typing", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }])
    expect(typeAhead("a", press("r", held))).toBeUndefined();
});
