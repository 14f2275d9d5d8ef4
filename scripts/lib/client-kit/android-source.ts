import { commandText } from '../model';
import type { ChannelConnection } from './channel-connection';

/**
 * Returns the user verification provider for the Android SDK 1.2.0 or later. Names as in Salesforce's sample app
 * (github.com/Salesforce-Async-Messaging/messaging-in-app-android, sample-messaging).
 */
export const kotlinSource = ({ channel, org }: ChannelConnection): string => `import android.content.Context
import android.util.Log
import com.salesforce.android.smi.core.ChallengeReason
import com.salesforce.android.smi.core.CoreClient
import com.salesforce.android.smi.core.CoreConfiguration
import com.salesforce.android.smi.core.UserVerificationProvider
import com.salesforce.android.smi.core.UserVerificationToken
import com.salesforce.android.smi.ui.UIClient
import com.salesforce.android.smi.ui.UIConfiguration
import java.util.UUID

/**
 * Provides the identity token of the customer to Enhanced Chat: ${channel} of ${org}.
 * [fetchToken] gets a new identity token of the logged-in customer from your backend.
 */
class CustomerIdentity(private val fetchToken: suspend () -> String) : UserVerificationProvider {
    /** Called when Salesforce needs a token. An app is for verified users only, or for unverified users only. */
    override suspend fun userVerificationChallenge(reason: ChallengeReason): UserVerificationToken =
        when (reason) {
            // First chat, renewal of the access token (iOS: "refresh"), and expired identity token. A token that was
            // used before can be expired, so each case gets a new one.
            ChallengeReason.INITIAL,
            ChallengeReason.RENEW,
            ChallengeReason.EXPIRED -> UserVerificationToken.externalToken(fetchToken())

            // Salesforce rejected the token because of its issuer, key or form. Unlike on iOS, the provider can't
            // decline, so it tries a new token. To find the cause: ${commandText('token', 'explain')} < token.txt
            ChallengeReason.MALFORMED -> {
                Log.e("CustomerIdentity", "Salesforce rejected the identity token")
                UserVerificationToken.externalToken(fetchToken())
            }
        }
}

/** The conversation ID is random, stored per customer, and never reused in another org or for unverified users. */
fun makeChat(context: Context, identity: CustomerIdentity, conversationId: UUID): UIClient {
    // Reads assets/configFile.json.
    val configuration = CoreConfiguration.fromFile(context, isUserVerificationRequired = true)
    val uiClient = UIClient.Factory.create(UIConfiguration(configuration, conversationId))
    uiClient.coreClient(context.applicationContext).registerUserVerificationProvider(identity)
    return uiClient
}

/** On logout: revokes the access token and ends push messages to the device. */
suspend fun logOut(coreClient: CoreClient) {
    coreClient.revokeToken(deregisterDevice = true)
}
`;
