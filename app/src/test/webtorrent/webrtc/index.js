// Connections that make descriptions and never connect.
let made = 0

export class RTCPeerConnection {
  iceGatheringState = 'complete'
  iceConnectionState = 'new'
  connectionState = 'new'
  signalingState = 'stable'
  localDescription = null
  remoteDescription = null

  createDataChannel (label) {
    return { label, readyState: 'connecting', bufferedAmount: 0, close () {} }
  }

  async createOffer () {
    return { type: 'offer', sdp: `v=0\r\no=- ${++made} 2 IN IP4 127.0.0.1\r\n` }
  }

  async createAnswer () {
    return { type: 'answer', sdp: `v=0\r\no=answer ${++made} 2 IN IP4 127.0.0.1\r\n` }
  }

  async setLocalDescription (description) {
    this.localDescription = description
    queueMicrotask(() => this.onicecandidate?.({ candidate: null }))
  }

  async setRemoteDescription (description) {
    this.remoteDescription = description
  }

  async addIceCandidate () {}

  close () {}
}

export class RTCSessionDescription {
  constructor ({ type, sdp }) {
    Object.assign(this, { type, sdp })
  }
}

export class RTCIceCandidate {}
