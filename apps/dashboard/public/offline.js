// Counts down to the next attempt, and reloads the page as soon as the server answers.
const WAIT_S = 5;
const title = document.getElementById("title");
const next = document.getElementById("next");
let left = WAIT_S;

function show() {
  title.textContent = navigator.onLine ? "The server does not answer" : "You are offline";
  next.textContent = left > 0 ? `Retrying in ${left} s.` : "Retrying…";
}

async function retry() {
  left = 0;
  show();
  try {
    const answer = await fetch("/seal.svg?retry", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (answer.ok) return location.reload();
  } catch {
    // Not yet.
  }
  left = WAIT_S;
  show();
}

setInterval(() => {
  if (left <= 0) return;
  left--;
  show();
  if (left === 0) void retry();
}, 1_000);
document.getElementById("retry").addEventListener("click", retry);
window.addEventListener("online", retry);
show();
