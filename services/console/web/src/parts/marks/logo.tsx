/** There is solid and falls, back is dashed and rises. */
export function Logo() {
  return (
    <svg className="logo" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <path d="M3 3.5 11 18.5" className="lg-there" />
      <path d="M11 18.5 19 3.5" className="lg-back" />
      <circle cx="3" cy="3.5" r="2.3" className="lg-dot" />
      <circle cx="7" cy="11" r="2.3" className="lg-dot" />
      <circle cx="11" cy="18.5" r="2.3" className="lg-dot" />
      <circle cx="15" cy="11" r="2.1" className="lg-ring" />
      <circle cx="19" cy="3.5" r="2.1" className="lg-ring" />
    </svg>
  );
}
