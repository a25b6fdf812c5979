namespace ContainerGroups.Host.Access;

/// <summary>What a caller shows is wrong; or isn't looked at, after too many failures, or in a request that a strange page may have sent.</summary>
internal sealed class LoginRefusedException(int status, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public int Status => status;

    /// <summary>When to try again, in whole seconds; null when that won't help.</summary>
    public int? RetryAfter => retryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null;

    public static LoginRefusedException WrongCredentials(string message) => new(StatusCodes.Status401Unauthorized, message);

    public static LoginRefusedException TooManyFailures(TimeSpan retryAfter)
    {
        var seconds = (int)Math.Ceiling(retryAfter.TotalSeconds);
        return new LoginRefusedException(
            StatusCodes.Status429TooManyRequests, $"Too many failed logins. Expected available in {seconds} second{(seconds == 1 ? "" : "s")}.", retryAfter);
    }

    /// <summary>Puts the time into the answer's headers.</summary>
    public void WriteHeaders(HttpResponse response)
    {
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
