import ArgumentParser

@main struct Replicate: AsyncParsableCommand {
  func run() async throws {}
}
