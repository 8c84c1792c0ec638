// The styleguide's own stylesheet comes with its page alone.
import { createElement } from "react";
import "./styleguide.css";

export function Styleguide({ children, ...props }) {
  return createElement("div", props, children);
}
