"use strict";
// A row is [id, name, displayName, n]: `said[n]` is what is said of everybody alike. Names only ever become text.
const at = (id) => document.getElementById(id), AT_ONCE = 200;
let rows, said, titles, formula, many, few, haystack, found, folds = [], drawn = 0, people = 0, sorted = { key: "", down: false };

async function unpacked(element) {  // base64 of zlib's format
  const bytes = Uint8Array.from(atob(element.textContent), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).json();
}
function plain(n) {
  const [id, name, called, alike] = rows[n];
  return { id, name, called, ...said[alike] };
}
function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null));
  return node;
}
function sets(names) { return names === null ? "" : names.join(", ") || "no set"; }
function alike(n) { return rows[n][3]; }
function folded() {  // each at the place of its first
  const groups = new Map();
  for (const n of found) groups.has(alike(n)) ? groups.get(alike(n)).push(n) : groups.set(alike(n), [n]);
  return found.flatMap((n) => {
    const group = groups.get(alike(n));
    return group.length <= few ? [[n]] : group[0] === n ? [group] : [];
  });
}
function anchor(n) { return `${said[alike(n)].kind}-${rows[n][0]}`; }
function called(it) { return it.called ? [element("b", {}, it.called)] : []; }
function member(n) {
  const it = plain(n);
  return element("li", { id: anchor(n) }, element("a", { className: "who-name", href: `#${anchor(n)}` }, it.name), " ", ...called(it));
}
function members(group) {
  const it = plain(group[0]), list = element("ul", { className: "fold" });
  const rest = element("button", { type: "button" }, "Show more");
  const further = () => {
    list.append(...group.slice(list.children.length, list.children.length + AT_ONCE).map(member));
    rest.hidden = list.children.length >= group.length;
  };
  rest.addEventListener("click", further);
  further();
  return element("details", {}, element("summary", {}, `${group.length.toLocaleString("en")} ${many[it.kind]}`), list, rest);
}
function one(n) {
  const it = plain(n), name = called(it);
  return [element("span", { className: "who-name" }, it.name), ...(name.length ? [element("br"), ...name] : []), element("br"), element("a", { className: "id", href: `#${anchor(n)}` }, it.id)];
}
function draw(group) {
  const it = plain(group[0]), alone = group.length === 1;
  const who = element("td", {}, ...(alone ? one(group[0]) : [members(group)]));
  const now = element("td", {}, sets(it.before));
  const then = element("td", {}, sets(it.after));
  if (it.frees.length) then.append(" ", element("span", { className: "loses" }, it.frees.map((p) => `\u2212${p}`).join(", ")));
  if (it.takes.length) then.append(" ", element("span", { className: "gains" }, it.takes.map((p) => `+${p}`).join(", ")));
  if (it.lines.length) then.append(element("ul", {}, ...it.lines.map((line) => element("li", {}, line))));
  const why = element("td", {}, ...it.reasons.flatMap((code, n) =>
    [n ? element("br") : null, `${titles[code]} `, element("span", { className: "soft" }, code)]));
  now.dataset.name = "Before"; then.dataset.name = "After";
  return element("tr", alone ? { id: anchor(group[0]) } : {}, element("td", {}, element("span", { className: `tag ${it.key}` }, it.effect), ...it.results.flatMap(([result, told]) => [element("br"), element("span", { className: `small result ${result}` }, told)])), who, now, then, why);
}
function more() {
  for (let budget = AT_ONCE; budget > 0 && drawn < folds.length; drawn += 1) {
    at("people").append(draw(folds[drawn]));
    people += folds[drawn].length;
    budget -= folds[drawn].length;
  }
  at("more").parentElement.hidden = drawn >= folds.length;
  at("shown").textContent = found.length === rows.length && drawn === folds.length ? "" :
    `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}` +
    (drawn < folds.length ? `; the first ${people.toLocaleString("en")} are shown` : "");
}
function redraw() {
  at("people").replaceChildren();
  folds = folded();
  drawn = people = 0;
  more();
}
function filter() {
  const text = at("search").value.trim().toLowerCase();
  const effect = at("effect").value, set = at("set").value, code = at("code").value;
  found = [];
  rows.forEach((row, n) => {
    if (text && !haystack[n].includes(text)) return;
    const it = said[alike(n)];
    if (effect && it.effect !== effect) return;
    if (set && !(it.before || []).includes(set) && !(it.after || []).includes(set)) return;
    if (code && !it.reasons.includes(code)) return;
    found.push(n);
  });
  order();
  redraw();
}
function order() {
  if (!sorted.key) return;
  const value = { what: (it) => it.effect, who: (it) => it.name.toLowerCase(), now: (it) => sets(it.before),
    then: (it) => sets(it.after), why: (it) => titles[it.reasons[0]] || "" }[sorted.key];
  const keys = new Map(found.map((n) => [n, value(plain(n))]));
  const sign = sorted.down ? -1 : 1;
  found.sort((a, b) => sign * (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : a - b));
}
function options(select, values) {
  for (const value of [...new Set(values)].sort()) {
    select.append(element("option", { value }, titles[value] ? `${titles[value]} (${value})` : value));
  }
}
function cell(text) {
  const safe = String(text).replace(new RegExp(formula, "g"), "$1'");
  return /[",;\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
function asCsv() {
  const lines = [["what", "who", "display_name", "id", "now", "then", "frees", "takes", "further", "why", "result"].join(",")];
  for (const n of found) {
    const it = plain(n);
    lines.push([it.effect, it.name, it.called, it.id, sets(it.before), sets(it.after), it.frees.join(", "), it.takes.join(", "),
      it.lines.join("; "), it.reasons.map((code) => `${titles[code]} (${code})`).join("; "), it.results.map(([, told]) => told).join("; ")].map(cell).join(","));
  }
  return lines.join("\r\n");
}
function copy() {  // navigator.clipboard is not there for a file
  const area = element("textarea", { value: asCsv() });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  at("copy").textContent = done ? `Copied ${found.length.toLocaleString("en")} rows` : "Copying is not allowed here";
}
function follow() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const n = rows.findIndex((_, n) => anchor(n) === wanted);
  if (n < 0) return;
  if (!found.includes(n)) {
    for (const id of ["search", "effect", "set", "code"]) at(id).value = "";
    filter();
  }
  const place = folds.findIndex((group) => group.includes(n));
  while (drawn <= place) more();
  const fold = at("people").children[place].querySelector("details");
  if (fold) fold.open = true;
  while (!at(wanted)) fold.querySelector("button").click();
  for (const marked of document.querySelectorAll(".found")) marked.classList.remove("found");
  at(wanted).classList.add("found");
  at(wanted).scrollIntoView({ block: "center" });
}
function expire() {  // a page cannot be written anew when its time has passed
  const until = Date.parse(at("commands").dataset.until), left = until - Date.now();
  at("commands").hidden = left <= 0;
  at("expired").hidden = left > 0;
  if (left > 0) setTimeout(expire, Math.min(left, 3600000));
}
function start(content) {
  ({ rows, said, titles, formula, many, few } = content);
  const told = said.map((it) => [it.effect, ...(it.before || []), ...(it.after || []), ...it.frees, ...it.takes, ...it.lines,
    ...it.results.map(([, told]) => told), ...it.reasons, ...it.reasons.map((code) => titles[code])].join("\n"));
  haystack = rows.map(([id, name, called, n]) => `${name}\n${called}\n${id}\n${told[n]}`.toLowerCase());
  found = rows.map((_, n) => n);
  options(at("effect"), said.map((it) => it.effect));
  options(at("set"), said.flatMap((it) => [...(it.before || []), ...(it.after || [])]));
  options(at("code"), said.flatMap((it) => it.reasons));
  document.querySelector(".tools").hidden = false;
  redraw();
  follow();
}
if (at("commands")) expire();
for (const head of document.querySelectorAll(".people th")) {
  const key = head.className, button = element("button", { type: "button" }, head.textContent);
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    sorted = { key, down: sorted.key === key && !sorted.down };
    for (const other of document.querySelectorAll(".people th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    order();
    redraw();
  });
}
at("search").addEventListener("input", filter);
for (const id of ["effect", "set", "code"]) at(id).addEventListener("change", filter);
at("more").addEventListener("click", more);
at("copy").addEventListener("click", copy);
addEventListener("hashchange", follow);
unpacked(at("rows")).then(start);
