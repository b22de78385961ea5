// TensorBoard's event files, byte by byte beside what TensorFlow writes. TensorBoard's own reader reads them in
// Tests/Python/test_data.py.

import Foundation
import Testing
@testable import Reporting

@Suite struct EventFileTests {
  /// The check value of CRC-32C, and RFC 3720's examples.
  @Test func checksums() {
    #expect(checksum(Data("123456789".utf8)) == 0xE306_9283)
    #expect(checksum(Data(repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(checksum(Data(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(checksum(Data(0..<32)) == 0x46DD_794E)
    #expect(checksum(Data()) == 0)
  }

  /// The beginning of every file that tensorboard 2 writes, its time aside, which is 0 here.
  @Test func theFirstRecord() {
    let expected: [UInt8] =
      [24, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22] + [9, 0, 0, 0, 0, 0, 0, 0, 0, 0x1A, 13]
      + Array("brain.Event:2".utf8)
    #expect(Array(EventFile().data.prefix(expected.count)) == expected)
    #expect(EventFile().data.count == expected.count + 4)
  }

  @Test func aScalar() {
    var file = EventFile()
    let before = file.data.count
    file.add([(tag: "loss", value: 1.5)], step: 300, seconds: 2)
    let record = Array(file.data.dropFirst(before + 12).dropLast(4))
    let summary: [UInt8] = [0x0A, 11, 0x0A, 4] + Array("loss".utf8) + [0x15, 0, 0, 0xC0, 0x3F]
    #expect(record == [9, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xAC, 0x02, 0x2A, 13] + summary)
    #expect(Int(file.data[before]) == record.count)
  }
}

@Suite struct CompactDrawingTests {
  private let svg = """
    <svg xmlns='x'>
    <g fill="none" stroke="black">
    </g>
    \t<use xlink:href='#gpPt6' transform='translate(1.5,2.25) scale(3.00)' color='rgb(1, 2, 3)' opacity='0.38'/>
    \t<use xlink:href='#gpPt6' transform='translate(4,-5) scale(3.00)' color='rgb(1, 2, 3)' opacity='0.38'/>
    \t<use xlink:href='#gpPt6' transform='translate(6,7) scale(3.00)' color='rgb(9, 9, 9)'/>
    <text>50 % &amp; "more" ≈</text>
    </svg>
    """

  @Test func runsOfPointsBecomeOneLine() {
    #expect(
      compactDrawing(svg) == """
        <svg xmlns='x'>
        <marker id='m1' overflow='visible' markerUnits='userSpaceOnUse'><use xlink:href='#gpPt6' transform='scale(3.00)' color='rgb(1, 2, 3)' opacity='0.38'/></marker>
        <polyline points='1.5,2.25 4,-5' fill='none' stroke='none' marker-start='url(#m1)' marker-mid='url(#m1)' marker-end='url(#m1)'/>
        <use xlink:href='#gpPt6' transform='translate(6,7) scale(3.00)' color='rgb(9, 9, 9)'/>
        <text>50 % &amp; "more" ≈</text>
        </svg>
        """)
  }

  /// Nothing in the address ends an attribute or begins a fragment, and it decodes to the drawing.
  @Test func theAddressIsPlain() {
    let address = drawingAddress(Data(svg.utf8))
    #expect(!address.contains { "\"<>#&\n".contains($0) } && address.utf8.allSatisfy { $0 < 0x7F })
    #expect(address.dropFirst("data:image/svg+xml,".count).removingPercentEncoding == compactDrawing(svg))
  }

  /// The repository's own figures on one page.
  @Test func theReportIsSmall() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let claims = try ReportedClaim.all(in: root.appendingPathComponent("figures").path).reported
    let page = try htmlReport(claims, configuration: .none, version: "0")
    #expect(claims.count >= 17 && page.components(separatedBy: "<img alt").count == claims.count + 1)
    #expect(page.utf8.count < 120_000 * claims.count, "\(page.utf8.count) bytes for \(claims.count) figures")
  }

  /// A verdict that was altered does not keep the others from the page.
  @Test func aDamagedVerdictIsLeftOutAndNamed() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../figures")
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    for name in ["crossover", "order"] {
      try FileManager.default.copyItem(
        at: root.appendingPathComponent(name), to: scratch.appendingPathComponent(name))
    }
    #expect(try ReportedClaim.all(in: scratch.path).damaged.isEmpty)
    try Data().write(to: scratch.appendingPathComponent("order/verdict.json"))
    let (reported, damaged) = try ReportedClaim.all(in: scratch.path)
    #expect(reported.map(\.name) == ["crossover"])
    #expect(damaged.map { $0.description.contains("order/verdict.json") } == [true])
  }
}
