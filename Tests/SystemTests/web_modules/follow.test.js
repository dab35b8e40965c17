import { Follower } from "../../../Web/captions/follow.js";
import { check, test } from "./run.js";

const frames = async (count = 4) => {
  for (let index = 0; index < count; index += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
};

test("the newest stays in sight, in a window of any size, until somebody scrolls up", async () => {
  const [scroller, content, button] = ["div", "div", "button"].map((name) => document.createElement(name));
  scroller.style.cssText = "overflow-y: auto; height: 200px";
  content.style.height = "300px";
  scroller.append(content);
  document.body.append(scroller, button);
  new Follower(scroller, content, button);
  const below = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  for (const [part, height] of [[content, 900], [scroller, 400], [scroller, 150], [content, 1200], [scroller, 300], [content, 700]]) {
    part.style.height = `${height}px`;
    await frames();
    check(button.hidden && below() < 1, `after a height of ${height} px, ${below()} px are below`);
  }
  scroller.scrollTop -= 100;
  await frames();
  content.style.height = "900px";
  await frames();
  check(!button.hidden && below() > 200, "who reads what was said before is left in peace");
  button.click();
  await frames();
  check(button.hidden && below() < 1, "and comes back");
  scroller.remove();
  button.remove();
});
