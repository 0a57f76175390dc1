import Capture
import Decode

/// Failures that go on and make room for others of the account: a success ends them all the same.
///
/// Else whoever sends REGISTERs in the name of an account could make its troubles last for ever.
extension Tracker {
  mutating func setAside(_ series: FailureSeries, of account: Int) {
    var series = series
    series.isSetAside = true
    accounts[account].failures.append(series)
    accounts[account].marks.insert(.hasSetAside)
  }

  mutating func setAside(_ run: FailureRun, of account: Int) {
    var run = run
    run.isSetAside = true
    accounts[account].pastRuns.append(run)
    accounts[account].marks.insert(.hasSetAside)
  }

  /// A device is accepted: what it met at that registrar and was set aside is over.
  mutating func endSetAside(
    _ account: Int, _ registrant: Int, at registrar: IPAddress, _ moment: Moment
  ) {
    let host = accounts[account, registrant: registrant].host
    let agent = accounts[account, registrant: registrant].userAgentKey
    let name = userAgents[Int(agent)].name
    accounts[account].failures.updateEach { series in
      guard series.isSetAside, series.source.address == host, series.userAgent == name,
        series.registrar.address == registrar
      else { return }
      series.isSetAside = false
      series.success = moment
    }
    accounts[account].pastRuns.updateEach { run in
      guard run.isSetAside, run.source.address == host, run.agent == agent,
        run.registrar.address == registrar
      else { return }
      run.isSetAside = false
      guard run.removal == nil else { return }
      run.success = moment
      run.successRequest = moment
    }
  }

  /// The device a REGISTER came from, which may have made room for another since.
  mutating func findDevice(of number: UInt32) {
    let account = Int(registers[number].account)
    let place = registers[number].registrant
    // Behind a capture on a NAT the source is not the device's own any more.
    guard !registers[number].isTranslated,
      accounts[account, registrant: place].host != registers[number].source.address
        || accounts[account, registrant: place].userAgentKey != registers[number].userAgent
    else { return }
    registers[number].registrant = registrant(
      account, registers[number].source, registers[number].userAgent, registers[number].sent)
  }
}
