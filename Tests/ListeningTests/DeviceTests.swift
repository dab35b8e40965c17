import Listening
import Testing

@Suite struct InputDeviceTests {
    private let devices = [
        InputDevice(number: 0, name: "HDA Intel PCH", system: "ALSA", isDefault: false),
        InputDevice(number: 4, name: "USB Microphone", system: "ALSA", isDefault: false),
        InputDevice(number: 5, name: "USB Camera", system: "ALSA", isDefault: true),
        InputDevice(number: 6, name: "USB Camera Pro", system: "ALSA", isDefault: false),
    ]

    @Test(arguments: [
        (nil, 5), ("4", 4), ("intel", 0), ("USB Microphone", 4), ("usb camera", 5), ("pro", 6), ("microphone", 4),
    ])
    func aDeviceIsFound(wanted: String?, number: Int) throws {
        #expect(try InputDevice.choose(wanted, among: devices).number == number)
    }

    @Test(arguments: [
        ("headset", "no microphone is called 'headset'; there are 0 (HDA Intel PCH), 4 (USB Microphone), "),
        (
            "USB",
            "'USB' fits several microphones: 4 (USB Microphone), 5 (USB Camera), 6 (USB Camera Pro); give the number"
        ),
        ("1", "no microphone is called '1'"),
    ])
    func aMistakeIsToldInOneLineWithWhatThereIs(wanted: String, text: String) {
        let error = #expect(throws: SoundError.self) { try InputDevice.choose(wanted, among: devices) }
        #expect(error?.description.hasPrefix(text) == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func withoutADefaultTheFirstIsTaken() throws {
        #expect(try InputDevice.choose(nil, among: Array(devices.prefix(2))).number == 0)
        #expect(throws: SoundError.self) { try InputDevice.choose(nil, among: []) }
    }
}

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("localhost:8080", "ws://localhost:8080/v1/listen"), ("ws://a:1/", "ws://a:1/v1/listen"),
        ("http://a", "ws://a/v1/listen"), ("HTTPS://a/x", "wss://a/x"),
        ("wss://a/sori/v1/listen", "wss://a/sori/v1/listen"),
        ("ws://a?x=1", "ws://a/v1/listen?x=1"), ("[::1]:8080", "ws://[::1]:8080/v1/listen"),
    ])
    func addressesAreCompleted(text: String, address: String) {
        #expect(ServerAddress.webSocket(text) == address)
    }
}
