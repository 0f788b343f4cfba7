// Counts the seconds down and asks for the next code; without scripts the page's own refresh does the same.
const left = document.getElementById("left");
const until = Date.now() + Number(left.dataset.seconds) * 1000;
function tick() {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  left.textContent = String(Math.max(0, seconds));
  if (seconds <= 0) location.reload();
}
setInterval(tick, 500);
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
