"use strict";
// Rows are arrays; whatever repeats in them is an index into `words`. Names only ever become text.
const { words, rows, titles, formula, many, few } = JSON.parse(document.getElementById("rows").textContent);
const EFFECT = 3, AT_ONCE = 200;
const at = (id) => document.getElementById(id);
const said = (list) => (list === null ? null : list.map((n) => words[n]));
const pairs = (list) => list.flatMap((result, n) => (n % 2 ? [] : [[result, list[n + 1]]]));
const plain = (row) => {
  const [kind, id, name, effect, before, after, frees, takes, lines, reasons, results, called] = row;
  return { kind, id, name, called, effect: words[effect], key: words[effect + 1], before: said(before), after: said(after),
    frees: said(frees), takes: said(takes), lines: said(lines), reasons: said(reasons), results: pairs(said(results)) };
};
const haystack = rows.map((row) => {
  const it = plain(row);
  return [it.name, it.called, it.id, it.effect, ...(it.before || []), ...(it.after || []), ...it.frees, ...it.takes,
    ...it.lines, ...it.results.map(([, told]) => told), ...it.reasons, ...it.reasons.map((code) => titles[code])].join("\n").toLowerCase();
});
// What is alike is alike in everything but who it is.
const alike = rows.map((row) => JSON.stringify([row[0], ...row.slice(3, 11)]));
let found = rows.map((_, n) => n), folds = [], drawn = 0, people = 0, sorted = { key: "", down: false };

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null));
  return node;
}
function sets(names) { return names === null ? "" : names.join(", ") || "no set"; }
function folded() {  // each at the place of its first
  const groups = new Map();
  for (const n of found) groups.has(alike[n]) ? groups.get(alike[n]).push(n) : groups.set(alike[n], [n]);
  return found.flatMap((n) => {
    const group = groups.get(alike[n]);
    return group.length <= few ? [[n]] : group[0] === n ? [group] : [];
  });
}
function anchor(n) { return `${rows[n][0]}-${rows[n][1]}`; }
function called(it) { return it.called ? [element("b", {}, it.called)] : []; }
function member(n) {
  const it = plain(rows[n]);
  return element("li", { id: anchor(n) }, element("a", { className: "who-name", href: `#${anchor(n)}` }, it.name), " ", ...called(it));
}
function members(group) {
  const it = plain(rows[group[0]]), list = element("ul", { className: "fold" });
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
  const it = plain(rows[n]), name = called(it);
  return [element("span", { className: "who-name" }, it.name), ...(name.length ? [element("br"), ...name] : []), element("br"), element("a", { className: "id", href: `#${anchor(n)}` }, it.id)];
}
function draw(group) {
  const it = plain(rows[group[0]]), alone = group.length === 1;
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
    if (effect && words[row[EFFECT]] !== effect) return;
    const has = (list, value) => list !== null && list.some((n) => words[n] === value);
    if (set && !has(row[4], set) && !has(row[5], set)) return;
    if (code && !has(row[9], code)) return;
    found.push(n);
  });
  order();
  redraw();
}
function order() {
  if (!sorted.key) return;
  const value = { what: (r) => r[EFFECT], who: (r) => r[2].toLowerCase(), now: (r) => sets(said(r[4])),
    then: (r) => sets(said(r[5])), why: (r) => titles[words[r[9][0]]] || "" }[sorted.key];
  const keys = new Map(found.map((n) => [n, value(rows[n])]));
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
    const it = plain(rows[n]);
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
if (at("commands")) expire();
options(at("effect"), rows.map((row) => words[row[EFFECT]]));
options(at("set"), rows.flatMap((row) => [...(said(row[4]) || []), ...(said(row[5]) || [])]));
options(at("code"), rows.flatMap((row) => said(row[9])));
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
document.querySelector(".tools").hidden = false;
redraw();
follow();
