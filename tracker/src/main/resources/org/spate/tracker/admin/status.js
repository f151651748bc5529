"use strict";

const PERIOD_MILLIS = 2000;
const COURSE_MAX = 150;
const ANNOUNCES = { HTTP: "http_announces", UDP: "udp_announces", WebSocket: "websocket_announces" };
const TROUBLE = /^(refused|unlisted|unaccounted|cut|evicted|dropped|failed)|out_of_order/;

const course = [];
let last = null;
let token = location.hash.slice(1) || sessionStorage.getItem("token") || "";

const $ = (id) => document.getElementById(id);
const say = (id, text) => { $(id).textContent = text; };
const count = (n) => Math.round(n).toLocaleString("en");
const rate = (n) => (n > 0 && n < 10 ? n.toFixed(1) : count(n));

const NAMES = { http: "HTTP", udp: "UDP", websocket: "WebSocket" };
const words = (name) => name.split("_").map((word) => NAMES[word] || word).join(" ");

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit++; }
  return (bytes < 10 && unit > 0 ? bytes.toFixed(1) : Math.round(bytes)) + " " + units[unit];
}

function duration(seconds) {
  const d = Math.floor(seconds / 86400), h = Math.floor(seconds / 3600) % 24;
  const m = Math.floor(seconds / 60) % 60, s = seconds % 60;
  return d ? `${d} d ${h} h` : h ? `${h} h ${m} min` : m ? `${m} min ${s} s` : `${s} s`;
}

const time = (millis, how) => new Date(millis).toLocaleString("en-GB", how);

function perSecond(now, name) {
  return last ? Math.max(0, (now.counters[name] || 0) - (last.counters[name] || 0)) / (now.at - last.at) : 0;
}

function draw() {
  const most = Math.max(1, ...course);
  const points = course.map((value, i) =>
    `${(600 * (COURSE_MAX - course.length + i) / (COURSE_MAX - 1)).toFixed(1)},${(116 - 110 * value / most).toFixed(1)}`);
  if (points.length > 1) {
    const first = points[0].split(",")[0];
    $("line").setAttribute("d", "M" + points.join("L"));
    $("area").setAttribute("d", `M${first},120L${points.join("L")}L600,120Z`);
  }
  say("most", `peak ${rate(Math.max(0, ...course))} / s`);
}

function reasons(now) {
  const rows = Object.entries(now.counters)
    .filter(([name, n]) => n > 0 && TROUBLE.test(name))
    .sort((one, other) => other[1] - one[1])
    .map(([name, n]) => {
      const row = document.createElement("tr");
      for (const text of [words(name), count(n), rate(perSecond(now, name))]) {
        row.insertCell().textContent = text;
      }
      return row;
    });
  $("reasons").replaceChildren(...rows);
  $("none").hidden = rows.length > 0;
}

function show(now) {
  const fronts = Object.entries(ANNOUNCES)
    .filter(([, name]) => now.counters[name] > 0)
    .map(([front, name]) => [front, perSecond(now, name)]);
  const total = fronts.reduce((sum, [, n]) => sum + n, 0);
  if (last) { course.push(total); }
  if (course.length > COURSE_MAX) { course.shift(); }
  say("torrents", count(now.torrents));
  say("accounts", now.accounts ? `${count(now.accounts)} accounts of users` : "with peers");
  say("peers", count(now.peers));
  say("sides", `${count(now.seeds)} seeds`);
  say("rate", last ? rate(total) : "–");
  say("fronts", last ? fronts.map(([front, n]) => `${front} ${rate(n)}`).join(", ") : "");
  say("memory", size(now.memory.resident_bytes || now.memory.heap_used_bytes));
  say("heap", `${size(now.memory.heap_used_bytes)} of heap`);
  say("uptime", duration(now.uptime_seconds));
  say("start", "since " + time(Date.now() - 1000 * now.uptime_seconds, { dateStyle: "medium", timeStyle: "short" }));
  say("families", `${count(now.peers_ipv4)} IPv4, ${count(now.peers_ipv6)} IPv6`);
  draw();
  reasons(now);
  last = now;
}

function state(text, isLost) {
  say("state", text);
  $("state").classList.toggle("lost", isLost);
}

async function ask() {
  try {
    const answer = await fetch("/api/v1/statistics", { headers: { authorization: "Bearer " + token } });
    const now = await answer.json();
    const isIn = answer.ok;
    $("login").hidden = answer.status !== 401;
    $("numbers").hidden = !isIn;
    if (isIn) {
      sessionStorage.setItem("token", token);
      now.at = performance.now() / 1000;
      show(now);
      state("as of " + time(Date.now(), { timeStyle: "medium" }), false);
    } else {
      state(now.error, true);
    }
    if (answer.status === 401) { return; }
  } catch (e) {
    state("the tracker does not answer", true);
  }
  setTimeout(ask, PERIOD_MILLIS);
}

$("login").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value.trim();
  ask();
});
if (token) {
  ask();
} else {
  $("login").hidden = false;
  state("the operator's token, please", false);
}
