// What must hold of everything that can be seen; each finding is the element's beginning.
;(least) => {
  const told = (one) => one.outerHTML.slice(0, 120)
  const isAway = (one) => one.closest("svg, .skip, dialog:not([open])") !== null
  const all = [...document.querySelectorAll("main *, header *, nav *")].filter((one) => !isAway(one))

  // An edge beyond the parent's although nothing scrolls or cuts it there.
  const sticksOut = (one) => {
    const box = one.getBoundingClientRect()
    let parent = one.parentElement
    while (getComputedStyle(parent).display === "contents") parent = parent.parentElement
    const around = parent.getBoundingClientRect()
    if (!box.width || ["absolute", "fixed"].includes(getComputedStyle(one).position)) return false
    const isBeyond = box.right > around.right + 1 || box.left < around.left - 1
    const isHeld = getComputedStyle(parent).overflowX === "visible"
    return (isHeld && isBeyond) || box.right > innerWidth + 1
  }

  // A word that is longer than what it stands in.
  const runsOver = (one) =>
    one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && getComputedStyle(one).overflowX === "visible"

  // What is pressed and is smaller than a finger; links in running text are not meant.
  const isTooSmall = (one) => {
    if (!one.matches("a, button, input, select, summary")) return false
    const isInLabel = one.matches("input[type=radio], input[type=checkbox], input[type=color], input[type=file]")
    const target = isInLabel ? one.closest("label") : one
    const box = target.getBoundingClientRect()
    if (!box.width || getComputedStyle(target).display === "inline") return false
    return box.height < least - 0.5 || box.width < least - 0.5
  }

  return [
    ...all.filter(sticksOut).map((one) => `sticks out: ${told(one)}`),
    ...all.filter(runsOver).map((one) => `runs over: ${told(one)}`),
    ...all.filter(isTooSmall).map((one) => `too small: ${told(one)}`),
  ]
}
