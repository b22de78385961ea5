// What is known of a study's runs while some of them are still to be chosen by the results of others.

import Claims
import Running
import Specification

extension Runner {
  /// The runs of a study that are known by now: those that it begins with, and those that follow from their results.
  ///
  /// A run that cannot be read now counts as one that has not ended, so nothing follows from it yet.
  package func known(_ study: Study) throws -> [PlannedRun] {
    study.runs + (try study.furtherRuns(collect(study.runs).results))
  }
}
