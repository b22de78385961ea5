// The report: one HTML page that can be read without network, with every stored verdict, its tables and its figure. It
// shows what is stored and computes nothing but Holm's correction. Its style is in HTMLStyle.swift.

import Basics
import Claims
import Figures
import Foundation
import Statistics
import Wording

/// The page.
/// - Parameters:
///   - configuration: that of the verdicts.
///   - version: of the program that writes the page.
package func htmlReport(
  _ claims: [ReportedClaim], configuration: ReportedConfiguration, version: String
) throws -> String {
  let lines = try claims.map { claim in
    ClaimLine(claim.record, expected: claim.record.expected ?? .holds, paper: claim.paper)
  }.withHolm()
  let isAdvice = !claims.isEmpty && claims.allSatisfy { $0.record.advice != nil }
  var body =
    isAdvice
    ? adviceHeader
    : """
    <header>
    <h1>Diffusion language models are super data learners? A replication at small scale</h1>
    <p>Claims of <a href="https://arxiv.org/abs/2511.03276">arXiv 2511.03276</a>, each trained, judged and drawn by <code>replicate</code>. \
    <strong>AR</strong> is an autoregressive language model, a <strong>DLM</strong> one trained by masked diffusion, of the same architecture \
    and on the same data. A verdict is about the scale that it names and no other.</p>
    <p class="tally">\(tally(lines))</p>
    </header>
    <section><h2>Verdicts</h2>\(overview(claims, lines))
    <p class="note">p is one-sided, for the claim as a whole: the largest of its parts, which must all hold. Holm's correction is over the claims \
    of this page.</p></section>

    """
  for (claim, line) in zip(claims, lines) { body += section(claim, line) }
  body += provenance(claims, configuration: configuration, version: version)
  return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(isAdvice ? "replicate: what to train" : "replicate: verdicts on \(claims.count) claims")</title>
    <style>\(htmlStyle)</style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
}

/// What stands above advice alone.
private let adviceHeader = """
  <header>
  <h1>What to train on your text</h1>
  <p><strong>AR</strong> is an autoregressive language model, a <strong>DLM</strong> one trained by masked diffusion, of the same \
  architecture and on the same text; how they are searched and judged: Documentation/advise.md. An answer is about the \
  text and the scale that it names and no other.</p>
  </header>

  """

/// The table of verdicts in Markdown: claim, verdict, here, the paper.
package func markdownReport(_ claims: [ReportedClaim]) -> String {
  markdownTable(
    columns: ["claim", "verdict", "here", "the paper"],
    rows: claims.map { claim in
      let judged = (claim.record.parts ?? []).judged
      return [
        claim.isOfPaper
          ? "[`\(claim.name)`](Documentation/claims/\(claim.name).md)" : Escaped.markdown(claim.title),
        claim.record.verdict.map { "**\($0.rawValue)**" } ?? "no verdict",
        judged.count > 1
          ? judged.map { Escaped.markdown("\($0.verdict.map { "\($0.rawValue): " } ?? "")\($0.sentence)") }
            .joined(separator: "<br>")
          : claim.record.effect.map { Escaped.markdown($0) } ?? "–",
        Escaped.markdown(claim.paper),
      ]
    })
}

/// "3 hold, 1 fails, 2 inconclusive".
private func tally(_ lines: [ClaimLine]) -> String {
  [(Verdict.holds, "hold", "holds"), (.fails, "fail", "fails"), (.inconclusive, "are inconclusive", "is inconclusive")]
    .compactMap { verdict, many, one in
      let count = lines.count { $0.verdict == verdict }
      return count == 0 ? nil : "<span class=\"\(verdict.rawValue)\">\(count) \(count == 1 ? one : many)</span>"
    }.joined(separator: ", ")
}

private func badge(_ record: VerdictRecord) -> String {
  badge(record.verdict, word: record.advice.map { _ in "advice" })
}

private func badge(_ verdict: Verdict?, word: String? = nil) -> String {
  "<span class=\"badge \(verdict?.rawValue ?? "none")\">\(word ?? verdict?.rawValue ?? "no verdict")</span>"
}

/// How much an answer rests on: "preset ci, 5 seeds".
private func basis(_ record: VerdictRecord) -> String {
  if let advice = record.advice {
    return "\(counted(advice.scale.trials, "trial")) of each objective, \(counted(advice.scale.splits, "fresh split"))"
  }
  return "preset \(record.preset.rawValue), \(counted(record.seeds, "seed"))"
}

/// What to do next, as commands to copy; empty where a record has none.
private func nextSteps(_ record: VerdictRecord) -> String {
  guard let commands = record.advice?.commands, !commands.isEmpty else { return "" }
  let lines = commands.map { "# \(Escaped.html($0.purpose))\n\(Escaped.html($0.line))" }.joined(separator: "\n")
  return "<h3>What to do next</h3>\n<pre>\(lines)</pre>\n"
}

/// The verdict stands second, so that a phone shows it without scrolling.
private func overview(_ claims: [ReportedClaim], _ lines: [ClaimLine]) -> String {
  var rows = ""
  for (claim, line) in zip(claims, lines) {
    func number(_ value: Double?) -> String { value.map { Escaped.html(significant($0)) } ?? "–" }
    rows +=
      "<tr><td><a href=\"#\(Escaped.html(claim.name))\">\(Escaped.html(claim.title))</a></td><td>\(badge(claim.record))</td>"
      + "<td>\(effects(line))</td><td class=\"number\">\(number(line.p))</td>"
      + "<td class=\"number\">\(number(line.holmP))</td><td>\(Escaped.html(claim.paper))</td></tr>\n"
  }
  return
    "<div class=\"scroll\"><table><thead><tr><th>claim</th><th>verdict</th><th>here</th><th>p</th><th>Holm</th><th>the paper</th></tr></thead>\n"
    + "<tbody>\(rows)</tbody></table></div>"
}

/// What decides a verdict; each part of one that has several.
private func effects(_ line: ClaimLine) -> String {
  let judged = line.parts.judged
  if judged.count < 2 { return Escaped.html(line.effect ?? "–") }
  return judged.map { Escaped.html("\($0.verdict.map { "\($0.rawValue): " } ?? "")\($0.sentence)") }
    .joined(separator: "<br>")
}

/// What was judged, each part with its rule, and the negative control.
private func rules(_ record: VerdictRecord) -> String {
  let shown = (record.parts ?? []).filter { $0.role != .beside }
  if shown.isEmpty { return "" }
  let rows = shown.map { part in
    "<tr><td>\(Escaped.html(part.name))\(part.role == .control ? " (negative control)" : "")</td><td>\(badge(part.verdict))</td>"
      + "<td>\(Escaped.html(part.numbers))</td><td>\(Escaped.html(part.rule))</td></tr>\n"
  }.joined()
  return
    "<div class=\"scroll\"><table><caption>What was judged, by which rule; all rules are fixed before anything is run.</caption>"
    + "<thead><tr><th>what</th><th>verdict</th><th>numbers</th><th>rule</th></tr></thead>\n<tbody>\(rows)</tbody></table></div>\n"
}

private func section(_ claim: ReportedClaim, _ line: ClaimLine) -> String {
  let record = claim.record
  var text = """
    <section id="\(Escaped.html(claim.name))">
    <h2>\(Escaped.html(claim.title)) \(badge(record))</h2>
    <p class="statement">\(Escaped.html(sentence(record.statement)))</p>
    \(claim.explanation.isEmpty ? "" : "<p>\(Escaped.html(claim.explanation))</p>")
    \(claim.isOfPaper ? "<p><strong>In the paper:</strong> \(Escaped.html(claim.paper)).</p>" : "")
    <p><strong>Here</strong> (\(basis(record))): \(Escaped.html(record.sentence)).</p>
    \(rules(record))
    """
  if let figure = claim.figure {
    text += "<figure><img alt=\"\(Escaped.html(record.sentence))\" src=\"\(drawingAddress(figure))\"></figure>\n"
  }
  if !record.remarks.isEmpty {
    text += "<ul>\(record.remarks.map { "<li>\(Escaped.html($0))</li>" }.joined(separator: "\n"))</ul>\n"
  }
  text += nextSteps(record)
  for table in record.tables { text += html(table) }
  return text + "</section>\n"
}

private func html(_ table: Table) -> String {
  let head = table.columns.map { "<th>\(Escaped.html($0))</th>" }.joined()
  let rows = table.rows.map { "<tr>\($0.map { "<td>\(Escaped.html($0))</td>" }.joined())</tr>" }.joined(separator: "\n")
  return "<div class=\"scroll\"><table><caption>\(Escaped.html(table.title))</caption><thead><tr>\(head)</tr></thead>\n"
    + "<tbody>\(rows)</tbody></table></div>\n"
}

/// Where the numbers come from: machines, runs, configuration.
private func provenance(
  _ claims: [ReportedClaim], configuration: ReportedConfiguration, version: String
) -> String {
  var machines: [String] = []
  for claim in claims {
    let machine = claim.record.machine
    let line = "\(machine.processor), \(machine.blas), replicate \(machine.version)"
    if !machines.contains(line) { machines.append(line) }
  }
  let runs = Set(claims.flatMap(\.record.records)).count
  var text =
    "<section><h2>Where this comes from</h2>\n<p>\(counted(runs, "run")), each named by the hash of its specification; page written by "
    + "replicate \(Escaped.html(version)). Judged on: \(machines.map { Escaped.html($0) }.joined(separator: "; ")).</p>\n"
  switch configuration {
  case .text(let configuration):
    text +=
      "<details><summary>Configuration: every grid, seed and threshold</summary><pre>\(Escaped.html(configuration))</pre></details>\n"
  case .foreign(let names):
    text +=
      "<p class=\"note\">The configuration is not shown: these were judged under other settings than it has now: "
      + "\(Escaped.html(names.joined(separator: ", "))).</p>\n"
  case .none: break
  }
  return text + "</section>\n"
}

/// "Which of the two wins?" or "Wide models win.": a statement as a sentence.
private func sentence(_ statement: String) -> String {
  let text = sentenceCase(statement)
  return text.hasSuffix("?") || text.hasSuffix(".") ? text : text + "."
}
