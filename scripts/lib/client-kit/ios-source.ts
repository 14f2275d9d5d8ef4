import type { ChannelConnection } from './channel-connection';
import { chatDeploymentFor, PLACEHOLDERS, chatApiUrlOrPlaceholder } from './placeholders';

/** What the SDKs of both systems read at their start: the file that Setup offers for download for a Mobile deployment. */
export const sdkConfigFile = (connection: ChannelConnection): string =>
  `${JSON.stringify(
    {
      OrganizationId: connection.orgId,
      DeveloperName: chatDeploymentFor(connection, ['Mobile', 'API'])?.name ?? PLACEHOLDERS.deployment,
      Url: chatApiUrlOrPlaceholder(connection),
    },
    null,
    2,
  )}\n`;

/**
 * The verification delegate for the iOS SDK, 1.2.0 or later. Names as in Salesforce's SMIClientCore headers and its sample
 * app (github.com/Salesforce-Async-Messaging/messaging-in-app-ios, MessagingUIExample).
 */
export const swiftSource = ({ channel, org }: ChannelConnection): string => `import Foundation
import SMIClientCore
import SMIClientUI

/// Tells Enhanced Chat who the customer is: ${channel} of ${org}.
/// Keep one for as long as somebody is logged in; the SDK holds its delegate weakly.
final class CustomerIdentity: NSObject, UserVerificationDelegate {
    /// Asks your backend for a fresh identity token of the customer who is logged in; nil when nobody is.
    private let fetchToken: () async -> String?

    init(fetchToken: @escaping () async -> String?) {
        self.fetchToken = fetchToken
    }

    /// Called when Salesforce needs a token. An app is for verified customers only, or for guests only.
    func core(
        _ core: CoreClient,
        userVerificationChallengeWith reason: ChallengeReason
    ) async -> UserVerification? {
        switch reason {
        case .initial, .refresh, .expired:
            // First chat; the token of Salesforce is renewed; your token has expired. A token that was used before
            // may have ended meanwhile, so each of them gets a fresh one.
            guard let token = await fetchToken() else { return nil }
            return UserVerification(customerIdentityToken: token, type: .JWT)
        case .malformed:
            // Salesforce refused the token as such: issuer, key or form. Another one would be refused as well, and
            // asked for again. What is wrong: npm run token -- explain.
            return nil
        default:
            return nil
        }
    }
}

/// The conversation id: random, kept for each customer, never reused in another org or for guests.
func makeChat(identity: CustomerIdentity, conversationId: UUID) -> (UIConfiguration, CoreClient)? {
    guard
        let file = Bundle.main.url(forResource: "configFile", withExtension: "json"),
        let configuration = Configuration(url: file, userVerificationRequired: true)
    else { return nil }
    let uiConfiguration = UIConfiguration(configuration: configuration, conversationId: conversationId)
    let core = CoreFactory.create(withConfig: uiConfiguration)
    core.setUserVerificationDelegate(delegate: identity, queue: .main)
    return (uiConfiguration, core)
}

/// When the customer logs out: revoke what Salesforce handed out, then forget what is on the device.
func logOut(of core: CoreClient, completion: @escaping (Error?) -> Void) {
    core.revokeTokenAndDeregisterDevice(true) { revokeError in
        core.destroyStorage(andAuthorization: true) { storageError in
            completion(revokeError ?? storageError)
        }
    }
}
`;
