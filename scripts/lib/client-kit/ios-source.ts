import { commandText } from '../model';
import type { ChannelConnection } from './channel-connection';
import { chatDeploymentFor, PLACEHOLDERS, chatApiUrlOrPlaceholder } from './placeholders';

/** Returns the configuration file of both SDKs. Setup offers this file for download for a chat deployment of type Mobile. */
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
 * Returns the user verification delegate for the iOS SDK. Names as in Salesforce's SMIClientCore headers and its sample app of
 * SDK 1.11.1 (github.com/Salesforce-Async-Messaging/messaging-in-app-ios, MessagingUIExample).
 */
export const swiftSource = ({ channel, org }: ChannelConnection): string => `import Foundation
import SMIClientCore
import SMIClientUI

// Checked against the sample app of SDK 1.11.1.

/// Provides the identity token of the customer to Enhanced Chat: ${channel} of ${org}.
/// Keep a strong reference while the customer is logged in: the SDK holds its delegate weakly.
final class CustomerIdentity: NSObject, UserVerificationDelegate {
    /// Gets a new identity token of the logged-in customer from your backend; nil if nobody is logged in.
    private let fetchToken: () async -> String?

    init(fetchToken: @escaping () async -> String?) {
        self.fetchToken = fetchToken
    }

    /// Called when Salesforce needs a token. An app is for verified users only, or for unverified users only.
    func core(
        _ core: CoreClient,
        userVerificationChallengeWith reason: ChallengeReason
    ) async -> UserVerification? {
        switch reason {
        case .initial, .refresh, .expired:
            // First chat, renewal of the access token, and expired identity token. A token that was used before can
            // be expired, so each case gets a new one.
            guard let token = await fetchToken() else { return nil }
            return UserVerification(customerIdentityToken: token, type: .JWT)
        case .malformed:
            // Salesforce rejected the token because of its issuer, key or form. It would reject another token too and
            // call this method again. To find the cause: ${commandText('token', 'explain')} < token.txt
            return nil
        default:
            return nil
        }
    }
}

/// The conversation ID is random, stored per customer, and never reused in another org or for unverified users.
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

/// On logout: revokes the access token, then deletes the data on the device.
func logOut(of core: CoreClient, completion: @escaping (Error?) -> Void) {
    core.revokeTokenAndDeregisterDevice(true) { revokeError in
        core.destroyStorage(andAuthorization: true) { storageError in
            completion(revokeError ?? storageError)
        }
    }
}
`;
