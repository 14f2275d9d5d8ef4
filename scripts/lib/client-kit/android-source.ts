import { commandText } from '../model';
import type { ChannelConnection } from './channel-connection';

/**
 * Returns the user verification provider for the Android SDK. Names as in Salesforce's sample app of SDK 1.10.2
 * (github.com/Salesforce-Async-Messaging/messaging-in-app-android, sample-messaging). In older SDKs, public apps import the types
 * from com.salesforce.android.smi.network.api.auth. `clearStorage` is for a logout and safe for verified users (reference of the SDK,
 * CoreClient.clearStorage).
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
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay

// Checked against the sample app of SDK 1.10.2. In older SDKs, the types of user verification are in
// com.salesforce.android.smi.network.api.auth, and the reason is UserVerificationProvider.ChallengeReason.

/** How often a new token is tried after Salesforce rejected one as malformed. */
private const val MAX_RETRIES = 3

/**
 * Provides the identity token of the customer to Enhanced Chat: ${channel} of ${org}.
 * [fetchToken] gets a new identity token of the logged-in customer from your backend.
 */
class CustomerIdentity(private val fetchToken: suspend () -> String) : UserVerificationProvider {
    private var rejected = 0

    /** Called when Salesforce needs a token. An app is for verified users only, or for unverified users only. */
    override suspend fun userVerificationChallenge(reason: ChallengeReason): UserVerificationToken =
        when (reason) {
            // First chat, renewal of the access token (iOS: "refresh"), and expired identity token. A token that was
            // used before can be expired, so each case gets a new one.
            ChallengeReason.INITIAL,
            ChallengeReason.RENEW,
            ChallengeReason.EXPIRED -> {
                rejected = 0
                UserVerificationToken.externalToken(fetchToken())
            }

            // Salesforce rejected the token because of its issuer, key or form. Unlike on iOS, the provider can't
            // decline. It tries a few new tokens, then none until the chat is closed, because each of them would be
            // rejected and requested again. To find the cause: ${commandText('token', 'explain')} < token.txt
            ChallengeReason.MALFORMED -> {
                rejected += 1
                Log.e("CustomerIdentity", "Salesforce rejected the identity token")
                if (rejected > MAX_RETRIES) awaitCancellation()
                delay(rejected * 5_000L)
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

/**
 * On logout: revokes the access token and ends push messages to the device, then deletes the data on the device, even if it is
 * offline. Afterwards the client can't be used: create another one for the next customer.
 */
suspend fun logOut(context: Context, coreClient: CoreClient) {
    try {
        coreClient.revokeToken(deregisterDevice = true)
    } finally {
        CoreClient.clearStorage(context.applicationContext, true)
    }
}
`;
