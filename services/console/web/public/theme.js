// Before the first paint: the theme that was chosen in this browser. A file of its own, as the policy allows no script in the page.
try {
  const chosen = JSON.parse(localStorage.getItem('troupe.theme'));
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is forbidden: the page follows the system.
}
