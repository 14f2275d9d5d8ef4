import type { ChannelConnection } from './channel-connection';

/**
 * The verification provider for the Android SDK, 1.2.0 or later. Names as in Salesforce's sample app
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
 * Tells Enhanced Chat who the customer is: ${channel} of ${org}.
 * [fetchToken] asks your backend for a fresh identity token of the customer who is logged in.
 */
class CustomerIdentity(private val fetchToken: suspend () -> String) : UserVerificationProvider {
    /** Called when Salesforce needs a token. An app is for verified customers only, or for guests only. */
    override suspend fun userVerificationChallenge(reason: ChallengeReason): UserVerificationToken =
        when (reason) {
            // First chat; the token of Salesforce is renewed (iOS calls this "refresh"); your token has expired. A
            // token that was used before may have ended meanwhile, so each of them gets a fresh one.
            ChallengeReason.INITIAL,
            ChallengeReason.RENEW,
            ChallengeReason.EXPIRED -> UserVerificationToken.externalToken(fetchToken())

            // Salesforce refused the token as such: issuer, key or form. Unlike on iOS there is no way to decline, so a
            // fresh one is all there is to try. What is wrong: npm run token -- explain.
            ChallengeReason.MALFORMED -> {
                Log.e("CustomerIdentity", "Salesforce refused the form of the identity token")
                UserVerificationToken.externalToken(fetchToken())
            }
        }
}

/** The conversation id: random, kept for each customer, never reused in another org or for guests. */
fun makeChat(context: Context, identity: CustomerIdentity, conversationId: UUID): UIClient {
    // Reads assets/configFile.json.
    val configuration = CoreConfiguration.fromFile(context, isUserVerificationRequired = true)
    val uiClient = UIClient.Factory.create(UIConfiguration(configuration, conversationId))
    uiClient.coreClient(context.applicationContext).registerUserVerificationProvider(identity)
    return uiClient
}

/** When the customer logs out: revokes what Salesforce handed out, and ends push messages to the device. */
suspend fun logOut(coreClient: CoreClient) {
    coreClient.revokeToken(deregisterDevice = true)
}
`;
