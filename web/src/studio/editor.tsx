import { Chips, Colour, Details, Range } from "./choices.tsx"
import { BACKGROUNDS, type Choices, type Choose, isPreset, LIGHTS, presets, RATIOS, SHADOWS } from "./looks.ts"
import { TemplatePicker } from "./picker.tsx"
import { useStudioWords } from "./words.ts"

interface Props {
  choices: Choices
  onChoose: Choose
}

/** Everything that can be chosen for a photo. */
export function Editor({ choices, onChoose }: Props) {
  const { item: said } = useStudioWords()
  return (
    <div className="editor">
      <Chips name="way" label={said.look} unseen value={choices.way} options={["own", "template"]} word={(way) => (way === "own" ? said.own : said.template)} onValue={(way) => onChoose({ way })} />
      {choices.way === "template" ? (
        <TemplatePicker value={choices.template} onValue={(template) => onChoose({ template })} />
      ) : (
        <Own choices={choices} onChoose={onChoose} />
      )}
    </div>
  )
}

function Own({ choices, onChoose }: Props) {
  const { item: said } = useStudioWords()
  const starts = presets(said.promptStart)
  const isCutOut = choices.background !== "keep"
  return (
    <>
      <div className="presets" role="group" aria-label={said.presets}>
        <span className="fine">{said.presets}</span>
        {(["standard", "professional", "premium"] as const).map((name) => (
          <button key={name} type="button" className="button quiet small" onClick={() => onChoose(starts[name])}>
            {said.preset[name]}
          </button>
        ))}
      </div>
      <Chips name="background" label={said.background} value={choices.background} options={BACKGROUNDS} word={(one) => said.backgrounds[one]} onValue={(background) => onChoose({ background })} />
      <BackgroundDetails choices={choices} onChoose={onChoose} />
      {isCutOut && (
        <Chips name="shadow" label={said.shadow} value={choices.shadow} options={SHADOWS} word={(one) => said.shadows[one]} onValue={(shadow) => onChoose({ shadow })} />
      )}
      {isCutOut && choices.shadow !== "none" && (
        <Details>
          <Range label={said.opacity} value={choices.opacity} min={0} max={100} onValue={(opacity) => onChoose({ opacity })} />
          <Range label={said.blur} value={choices.blur} min={0} max={100} onValue={(blur) => onChoose({ blur })} />
        </Details>
      )}
      <Chips name="light" label={said.light} value={choices.light} options={LIGHTS} word={(one) => said.lights[one]} onValue={(light) => onChoose({ light })} />
      {isPreset(choices.light) && (
        <Details>
          <label className="check">
            <input type="checkbox" checked={choices.relit} onChange={(event) => onChoose({ relit: event.target.checked })} />
            {said.relit}
          </label>
        </Details>
      )}
      {choices.light === "manual" && (
        <Details>
          <Range label={said.brightness} value={choices.brightness} min={-100} max={100} onValue={(brightness) => onChoose({ brightness })} />
          <Range label={said.contrast} value={choices.contrast} min={-100} max={100} onValue={(contrast) => onChoose({ contrast })} />
          <Range label={said.warmth} value={choices.warmth} min={-100} max={100} onValue={(warmth) => onChoose({ warmth })} />
        </Details>
      )}
      <Chips name="ratio" label={said.frame} value={choices.ratio} options={["", ...RATIOS]} word={(one) => one || said.asPhoto} onValue={(ratio) => onChoose({ ratio })} />
      {choices.ratio && isCutOut && (
        <Details>
          <Range label={said.fill} value={choices.fill} min={20} max={100} onValue={(fill) => onChoose({ fill })} />
        </Details>
      )}
      <Chips
        name="upscale"
        label={said.upscale}
        value={String(choices.upscale)}
        options={["0", "2", "4"]}
        word={(one) => (one === "0" ? said.noUpscale : `${one}×`)}
        onValue={(one) => onChoose({ upscale: Number(one) as Choices["upscale"] })}
      />
    </>
  )
}

function BackgroundDetails({ choices, onChoose }: Props) {
  const { item: said } = useStudioWords()
  switch (choices.background) {
    case "solid":
      return (
        <Details>
          <Colour label={said.colour} value={choices.colour} onValue={(colour) => onChoose({ colour })} />
        </Details>
      )
    case "gradient":
      return (
        <Details>
          <Colour label={said.from} value={choices.from} onValue={(from) => onChoose({ from })} />
          <Colour label={said.to} value={choices.to} onValue={(to) => onChoose({ to })} />
        </Details>
      )
    case "template":
      return <TemplatePicker label={said.scene} value={choices.scene} onValue={(scene) => onChoose({ scene })} />
    case "ai":
      return (
        <Details>
          <label className="field">
            <span>{said.prompt}</span>
            <textarea rows={2} maxLength={500} value={choices.prompt} placeholder={said.promptStart} onChange={(event) => onChoose({ prompt: event.target.value })} />
          </label>
          <div className="presets" role="group" aria-label={said.suggestions}>
            {said.suggested.map((words) => (
              <button key={words} type="button" className="chip plain" onClick={() => onChoose({ prompt: words })}>
                {words}
              </button>
            ))}
          </div>
          <Chips name="complexity" label={said.complexity} value={choices.complex ? "complex" : "simple"} options={["simple", "complex"]} word={(one) => said.complexities[one]} onValue={(one) => onChoose({ complex: one === "complex" })} />
          <button type="button" className="button quiet small" onClick={() => onChoose({ seed: choices.seed + 1 })}>
            {said.another}
          </button>
        </Details>
      )
    default:
      return null
  }
}
