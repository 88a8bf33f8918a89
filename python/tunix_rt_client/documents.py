"""Every operation this package sends. A test of the repository checks them against the schema."""

RUN = """
query PythonRun($number: Int, $id: ID) { run(number: $number, id: $id) { id number } }
"""

FOLLOW_LOG = """
subscription PythonLog($runId: ID!, $after: BigInt!) {
  runLogs(runId: $runId, after: $after) {
    __typename
    ... on LogBatch { firstSeq lastSeq attempt stream at text }
    ... on LogGap { seq attempt at lostLines lostBytes }
    ... on LogOpenLine { seq attempt stream text }
    ... on StreamCompleted { status exitCode }
  }
}
"""

FOLLOW_EVENTS = """
subscription PythonEvents($runId: ID!, $after: BigInt!, $metricsAfter: BigInt!) {
  runEvents(runId: $runId, after: $after, metricsAfter: $metricsAfter) {
    __typename
    ... on RunEventNotice { event { seq attempt kind at data } }
    ... on MetricUpdate { lastSeq series { name points { step attempt value at } } }
    ... on StreamCompleted { status exitCode }
  }
}
"""

BUILD = """
mutation PythonBuild($input: BuildDatasetInput!) {
  buildDataset(input: $input) {
    ... on BuildDatasetPayload {
      dataset { id key contentHash itemCount trainCount evalCount testCount recipe }
    }
    ... on Error { code message }
    ... on ValidationError { issues { path message } }
  }
}
"""

START = """
mutation PythonStart($input: CreateRunInput!) {
  createRun(input: $input) {
    ... on CreateRunPayload { created run { id number warnings { code message } } }
    ... on Error { code message }
    ... on ValidationError { issues { path message } }
  }
}
"""

CANCEL = """
mutation PythonCancel($input: CancelRunInput!) {
  cancelRun(input: $input) {
    ... on CancelRunPayload { run { id number status } }
    ... on Error { code message }
  }
}
"""

EVALUATE = """
mutation PythonEvaluate($input: EvaluateRunInput!) {
  evaluateRun(input: $input) {
    ... on EvaluateRunPayload { evaluation { id status } }
    ... on Error { code message }
    ... on ValidationError { issues { path message } }
  }
}
"""

EVALUATION = """
subscription PythonEvaluation($id: ID!) {
  evaluationChanged(id: $id) {
    id status judge { ref } score itemCount correctCount metrics error
  }
}
"""

SET_BASELINE = """
mutation PythonSetBaseline($input: SetBaselineInput!) {
  setBaseline(input: $input) {
    ... on SetBaselinePayload { baseline { id name revision metric } }
    ... on Error { code message }
    ... on ValidationError { issues { path message } }
  }
}
"""

CHECK = """
mutation PythonGate($input: CheckRegressionInput!) {
  checkRegression(input: $input) {
    ... on CheckRegressionPayload {
      check { id verdict outcome reasons baselineValue candidateValue delta pValue itemCount }
    }
    ... on Error { code message }
    ... on ValidationError { issues { path message } }
  }
}
"""
